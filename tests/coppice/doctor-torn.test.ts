import { execFileSync } from 'node:child_process'
import { chmodSync, rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import type { Diagnosis, TaskState } from 'coppice'
import { expect, test } from 'vitest'
import { coppice, coppiceJson } from '../helpers/coppice-command.js'
import { listing } from '../helpers/listing.js'
import { makeRepository } from '../helpers/repository.js'

test.each([0, 100])(
  'the first command after a power cut that has torn a commit, leaving %i zeros, says what is wrong and what to do',
  async (zeros) => {
    const repository = makeRepository()
    const { path } = await coppiceJson<TaskState>(repository, ['new', 'fix'])
    const first = repository.git('rev-parse', 'coppice/fix')
    execFileSync('git', ['commit', '-qm', 'torn', '--allow-empty'], { cwd: path, env: repository.env })
    const commit = repository.git('rev-parse', 'coppice/fix')
    const file = join('objects', commit.slice(0, 2), commit.slice(2))
    chmodSync(join(repository.path, '.git', file), 0o644)
    truncateSync(join(repository.path, '.git', file), 0)
    truncateSync(join(repository.path, '.git', file), zeros)
    rmSync(join(repository.path, '.git/coppice/boot'), { force: true })
    const before = listing(repository.scratch)

    const { code, stdout } = await coppice(repository, ['doctor'])

    expect(code).toBe(1)
    expect(stdout).toContain(file)
    expect(stdout).toContain('damaged')
    expect(stdout).toContain('coppice repair')
    const asJson = await coppice(repository, ['doctor', '--json'])
    const { drifts, healthy } = JSON.parse(asJson.stdout) as Diagnosis
    expect(healthy).toBe(false)
    expect(drifts).toEqual([
      expect.objectContaining({
        code: 'object-damaged',
        severity: 'error',
        subject: expect.stringContaining(file),
      }),
    ])
    expect(listing(repository.scratch)).toEqual(before)

    expect(await coppice(repository, ['repair'])).toMatchObject({ code: 0 })
    expect(await coppice(repository, ['doctor'])).toMatchObject({ code: 0 })
    expect(repository.git('rev-parse', 'coppice/fix')).toBe(first)
  },
)
