import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { ABANDON } from '../../core/helpers/requests.js'
import { editedTask } from '../helpers/edited.js'
import { openWorld, type World } from '../helpers/world.js'

/** Everything that a ref holds, as one text. */
function pinnedIn({ user }: World): string {
  const objects = user.git('rev-list', '--all', '--objects', '--no-object-names').split('\n')
  const blobs = objects.filter((id) => user.git('cat-file', '-t', id) === 'blob')
  return blobs.map((id) => user.git('cat-file', 'blob', id)).join('\n')
}

test('a worktree whose newest checkpoint somebody has deleted is pinned anew before it goes', async () => {
  const { world, task } = await editedTask('echo work > work')
  await world.engine.checkpoint('fix', undefined)
  world.user.git('update-ref', '-d', 'refs/coppice/fix/checkpoints/1')
  await world.engine.command('fix', ABANDON)
  expect(existsSync(task.path)).toBe(false)
  expect(pinnedIn(world)).toContain('work')
})

test.each([
  ['the task is abandoned', (world: World) => world.engine.command('fix', ABANDON)],
  ['the repository is repaired', (world: World) => world.engine.repair(false)],
])('of two things in the trash neither is deleted before it is pinned, when %s', async (_, act) => {
  const { world, task } = await editedTask('echo work > work')
  await world.engine.checkpoint('fix', undefined)
  const left = join(dirname(task.path), '.trash/fix~0')
  mkdirSync(left, { recursive: true })
  cpSync(task.path, left, { recursive: true })
  writeFileSync(join(left, 'late'), 'late work')
  const next = await openWorld({ user: world.user, log: world.log })
  await act(next)
  await next.engine.recover()
  expect(existsSync(join(left, 'late')) || pinnedIn(next).includes('late work')).toBe(true)
})

test('what somebody keeps in the directory of the trash, under another name, stays', async () => {
  const { world, task } = await editedTask(':')
  const own = join(dirname(task.path), '.trash', 'my notes.pinned')
  mkdirSync(own, { recursive: true })
  writeFileSync(join(own, 'note'), 'note')
  await world.workspace.tidy()
  expect(existsSync(join(own, 'note'))).toBe(true)
})
