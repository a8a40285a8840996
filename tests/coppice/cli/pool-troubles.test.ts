import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import type { PoolStatus } from 'coppice'
import { expect, test } from 'vitest'
import { coppice, coppiceJson } from '../../helpers/coppice-command.js'
import { eventually } from '../../helpers/eventually.js'
import { fillersOf, makePooled, readyIn } from '../helpers/pooled-command.js'

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
