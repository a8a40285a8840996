import { execFileSync } from 'node:child_process'
import { chmodSync, rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import type { TaskState } from 'coppice'
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

    const { code, stderr } = await coppice(repository, ['doctor'])

    expect(code).toBe(1)
    expect(stderr).toContain(file)
    expect(stderr).toContain('damaged')
    expect(stderr).toContain('coppice repair')
    expect(listing(repository.scratch)).toEqual(before)

    expect(await coppice(repository, ['repair'])).toMatchObject({ code: 0 })
    expect(await coppice(repository, ['doctor'])).toMatchObject({ code: 0 })
    expect(repository.git('rev-parse', 'coppice/fix')).toBe(first)
  },
)
