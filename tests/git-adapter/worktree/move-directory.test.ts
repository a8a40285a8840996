import { mkdtempSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { expect, onTestFinished, test } from 'vitest'
import { moveDirectory } from '../../../packages/git-adapter/src/worktree/layout.js'

const TIMES = 2_000

/** Tidies a directory up every millisecond until it is ended. */
const TIDY = `
  const { rmdirSync } = require('node:fs')
  const { directory } = require('node:worker_threads').workerData
  const never = new Int32Array(new SharedArrayBuffer(4))
  for (;;) {
    Atomics.wait(never, 0, 0, 1)
    try {
      rmdirSync(directory)
    } catch {}
  }`

function emptyDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'coppice-move-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}

test('a directory is moved to where others tidy up', async () => {
  const root = emptyDirectory()
  const [path, directory] = [join(root, 'moved'), join(root, 'tidied')]
  await mkdir(path)
  const worker = new Worker(TIDY, { eval: true, workerData: { directory } })
  onTestFinished(() => void worker.terminate())
  const target = join(directory, 'moved')
  for (let time = 0; time < TIMES; time++) {
    await expect(moveDirectory(target, path)).resolves.toBeUndefined()
    await rename(target, path)
  }
})

test('what is not there is not moved', async () => {
  const root = emptyDirectory()
  const moved = moveDirectory(join(root, 'trash', 'moved'), join(root, 'nothing'))
  await expect(moved).rejects.toMatchObject({ code: 'ENOENT' })
})
