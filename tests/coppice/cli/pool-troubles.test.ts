import { chmodSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PoolStatus } from 'coppice'
import { expect, onTestFinished, test } from 'vitest'
import { coppice, coppiceJson } from '../../helpers/coppice-command.js'
import { eventually } from '../../helpers/eventually.js'
import { makeRepository, type TestRepository } from '../../helpers/repository.js'

/** A repository that has a pool of so many, and is not removed while a process fills it that has outlived its command. */
function makePooled(size: number): TestRepository {
  const repository = makeRepository()
  repository.git('config', 'coppice.poolSize', String(size))
  onTestFinished(() => eventually(() => fillersOf(repository).length === 0))
  return repository
}

/** The processes that fill its pool. */
function fillersOf({ path }: TestRepository): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false
    const words = commandLine(pid).split('\0')
    return words.includes(path) && words.includes('pool') && words.includes('--fill')
  })
}

/** Empty for a process that has ended. */
function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

async function readyIn(repository: TestRepository): Promise<PoolStatus['ready']> {
  return (await coppiceJson<PoolStatus>(repository, ['pool'])).ready
}

test('has ready worktrees replaced that do not fit any more', async () => {
  const repository = makePooled(1)
  const { ready } = await coppiceJson<PoolStatus>(repository, ['pool', '--fill'])
  repository.git('config', 'core.autocrlf', 'input')
  await coppice(repository, ['new', 'a'])
  await eventually(() => fillersOf(repository).length === 0)
  expect(await readyIn(repository)).not.toEqual(ready)
  expect(await readyIn(repository)).toHaveLength(1)
})

test('makes its task, and says so, where the pool cannot be read', async () => {
  const repository = makePooled(1)
  await coppice(repository, ['pool', '--fill'])
  const closed = join(`${repository.path}.worktrees`, '.pool')
  chmodSync(closed, 0)
  const { code, stdout } = await coppice(repository, ['new', 'a'], { boundByModes: true })
  chmodSync(closed, 0o755)
  expect({ code, stdout }).toEqual({ code: 0, stdout: `${join(`${repository.path}.worktrees`, 'a')}\n` })
})

test('makes its task, and says so, where the git directories of the pool cannot be read', async () => {
  const repository = makePooled(1)
  await coppice(repository, ['pool', '--fill'])
  const closed = join(repository.path, '.git/coppice/pool')
  chmodSync(closed, 0)
  const { code, stdout } = await coppice(repository, ['new', 'a'], { boundByModes: true })
  chmodSync(closed, 0o755)
  expect({ code, stdout }).toEqual({ code: 0, stdout: `${join(`${repository.path}.worktrees`, 'a')}\n` })
})
