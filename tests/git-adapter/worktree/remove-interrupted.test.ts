import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ABANDON } from '../../core/helpers/requests.js'
import { debrisOf } from '../helpers/debris.js'
import { editedTask, type Edited } from '../helpers/edited.js'

describe('a removal that was interrupted goes on, when it had reached', () => {
  /** The worktree is pinned and the rest is the test's to take away; then another process takes over. */
  const expectGoesOn = async (interrupt: (found: Edited) => void): Promise<void> => {
    const found = await editedTask()
    const { world, task } = found
    world.user.git('worktree', 'lock', task.path)
    await world.engine.command('fix', ABANDON)
    world.user.git('worktree', 'unlock', task.path)
    world.problems.length = 0
    interrupt(found)
    await world.engine.recover()
    expect(world.problems).toEqual([])
    expect(world.engine.find('fix')).toMatchObject({ status: 'abandoned', worktree: 'absent' })
    expect(debrisOf(world)).toEqual([])
    expect(world.user.git('ls-tree', '--name-only', 'refs/coppice/fix/checkpoints/1')).toContain('u')
  }

  test('only its pin', () => expectGoesOn(() => undefined))

  test('the trash, whole', () => expectGoesOn((found) => void toTrash(found)))

  test('the trash, half deleted', () =>
    expectGoesOn((found) => {
      for (const name of readdirSync(toTrash(found)).slice(1))
        rmSync(join(toTrash(found), name), { recursive: true })
    }))

  test('the entry, half deleted', () =>
    expectGoesOn((found) => {
      rmSync(toTrash(found), { recursive: true })
      rmSync(join(found.task.gitDir!, 'HEAD'))
    }))

  test('the entry', () =>
    expectGoesOn((found) => {
      rmSync(toTrash(found), { recursive: true })
      rmSync(found.task.gitDir!, { recursive: true })
    }))

  test('the branch', () =>
    expectGoesOn((found) => {
      rmSync(toTrash(found), { recursive: true })
      rmSync(found.task.gitDir!, { recursive: true })
      found.world.user.git('update-ref', '-d', 'refs/heads/coppice/fix')
    }))
})

function toTrash({ task }: Edited): string {
  const trash = join(task.path, '../.trash')
  if (existsSync(task.path)) {
    mkdirSync(trash)
    renameSync(task.path, join(trash, 'fix~0'))
  }
  return join(trash, 'fix~0')
}
