import { mkdtempSync } from 'node:fs'
import { rm, rmdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { expect, onTestFinished, test } from 'vitest'
import { makeDirectory } from '../../../packages/git-adapter/src/files/make-directory.js'

const TIMES = 2_000

/** Makes a directory and tidies it up, with the one above it, again and again until it is ended. */
const MAKE_AND_TIDY = `
  const { mkdirSync, rmdirSync } = require('node:fs')
  const { own, shared } = require('node:worker_threads').workerData
  for (;;) {
    try {
      mkdirSync(own, { recursive: true })
      rmdirSync(own)
      rmdirSync(shared)
    } catch {}
  }`

function emptyDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'coppice-make-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}

test('a directory is made while others tidy up the one above it', async () => {
  const shared = join(emptyDirectory(), 'shared')
  const workerData = { own: join(shared, 'other'), shared }
  const worker = new Worker(MAKE_AND_TIDY, { eval: true, workerData })
  onTestFinished(() => void worker.terminate())
  const own = join(shared, 'own')
  for (let time = 0; time < TIMES; time++) {
    await expect(makeDirectory(own)).resolves.toBeUndefined()
    await rmdir(own)
    await rmdir(shared).catch(() => undefined)
  }
})

test('where something else stands, it is refused', async () => {
  const file = join(emptyDirectory(), 'file')
  await writeFile(file, '')
  await expect(makeDirectory(join(file, 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' })
})
