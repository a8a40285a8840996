import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { ABANDON } from '../core/helpers/requests.js'
import { editedTask } from './helpers/edited.js'
import { expectFound, expectHealthy, expectRefused, expectRepaired } from './helpers/drift.js'
import { agentRuns, contentOf, filesIn, gitIn } from './helpers/tree.js'
import { openWorld } from './helpers/world.js'

test('a worktree whose directory is gone is made anew from its checkpoint', async () => {
  const { world, task } = await editedTask()
  await world.engine.checkpoint('fix', 'all of it')
  const content = contentOf(world.user, task.path)
  rmSync(task.path, { recursive: true })

  await expectRepaired(world, 'worktree-missing')

  expect(contentOf(world.user, task.path)).toEqual(content)
})

test('a worktree that `git worktree move` has moved is found where it is', async () => {
  const { world, task } = await editedTask()
  const content = contentOf(world.user, task.path)
  const now = join(world.user.scratch, 'elsewhere')
  world.user.git('worktree', 'move', task.path, now)

  await expectRepaired(world, 'worktree-moved')

  expect(world.engine.find('fix')).toMatchObject({ path: now, worktree: 'present' })
  expect(contentOf(world.user, now)).toEqual(content)
  expect(existsSync(task.path)).toBe(false)
})

test('a worktree that was renamed without git is found where it is, and no second one is made', async () => {
  const { world, task } = await editedTask()
  const content = contentOf(world.user, task.path)
  const path = join(dirname(task.path), 'renamed')
  renameSync(task.path, path)

  await expectRepaired(world, 'worktree-moved')

  expect(world.engine.find('fix')).toMatchObject({ path, gitDir: task.gitDir })
  expect(contentOf(world.user, path)).toEqual(content)
  expect(existsSync(task.path)).toBe(false)
})

test('a worktree that was moved is found by opening too, and a task in it goes on to its end', async () => {
  const { world, task } = await editedTask()
  const now = join(world.user.scratch, 'elsewhere')
  world.user.git('worktree', 'move', task.path, now)

  await world.engine.recover()

  expect(world.engine.find('fix')).toMatchObject({ path: now })
  await world.engine.command('fix', { type: 'task.abandon', data: { reason: null } })
  expect(existsSync(now)).toBe(false)
  await world.engine.command('fix', { type: 'task.restore', data: {} })
  expect(filesIn(now)).toMatchObject({ u: 'file - u\n', s: 'file - s\n' })
})

test('a repository that was moved and its worktree, which was not, find one another again', async () => {
  const { world, task } = await editedTask()
  const content = contentOf(world.user, task.path)
  const path = join(world.user.scratch, 'moved')
  renameSync(world.user.path, path)
  const user = { ...world.user, path }
  const moved = await openWorld({ user, log: world.log, worktreesDir: join(path, '..', 'repo.worktrees') })

  await expectRepaired(moved, 'repository-moved')

  const gitDir = join(path, '.git', 'worktrees', 'fix+coppice')
  expect(moved.engine.find('fix')).toMatchObject({ path: task.path, gitDir })
  expect(contentOf(user, task.path)).toEqual(content)
})

test('a repository that was moved with its worktrees finds them by opening, with all that was in them', async () => {
  const { world, task } = await editedTask()
  const content = contentOf(world.user, task.path)
  const scratch = join(world.user.scratch, 'moved')
  mkdirSync(scratch)
  renameSync(world.user.path, join(scratch, 'repo'))
  renameSync(`${world.user.path}.worktrees`, join(scratch, 'repo.worktrees'))
  const user = { ...world.user, path: join(scratch, 'repo') }
  const moved = await openWorld({ user, log: world.log })
  expect(await expectFound(moved, 'worktree-moved')).toHaveLength(1)

  await moved.engine.recover()

  const now = join(scratch, 'repo.worktrees', 'fix')
  expect(moved.engine.find('fix')).toMatchObject({ path: now })
  expect(contentOf(user, now)).toEqual(content)
  await expectHealthy(moved)
})

test('a copy of a repository does not lay hands on the worktrees of the original', async () => {
  const { world, task } = await editedTask()
  const content = contentOf(world.user, task.path)
  const path = join(world.user.scratch, 'copy')
  cpSync(world.user.path, path, { recursive: true })
  const copy = await openWorld({ user: { ...world.user, path }, log: world.log })

  await expectRefused(copy, 'place-occupied')
  const abandoned = await copy.engine.command(task.id, ABANDON)

  expect(abandoned).toMatchObject({ status: 'abandoned', worktree: 'present' })
  expect(copy.problems).toMatchObject([{ effect: 'remove', error: { reason: { code: 'worktree-broken' } } }])
  expect(contentOf(world.user, task.path)).toEqual(content)
})

test.each([
  ['is gone', 'rm .git'],
  ['names another repository', 'echo gitdir: /nowhere > .git'],
  [
    'was replaced by a repository',
    'rm .git; git init -q .; git add -A; git -c user.name=a -c user.email=a@b commit -qm mine',
  ],
])('a .git file that %s is written again', async (_, script) => {
  const { world, task } = await editedTask()
  const content = contentOf(world.user, task.path)
  agentRuns(world.user, task.path, script)

  await expectRepaired(world, 'pointer-broken')

  expect(contentOf(world.user, task.path)).toEqual(content)
})

test('the repository that an agent put in the place of .git is kept', async () => {
  const { world, task } = await editedTask()
  rmSync(join(task.path, '.git'))
  gitIn(world.user, task.path, 'init', '--quiet', '.')
  writeFileSync(join(task.path, '.git', 'mine'), 'work')

  await world.engine.repair(false)

  const aside = join(world.user.scratch, 'repo.worktrees', '.aside')
  const kept = readdirSync(aside).map((name) => readFileSync(join(aside, name, '.git', 'mine'), 'utf8'))
  expect(kept).toEqual(['work'])
})

test('a directory that somebody put in a worktree’s place is left alone', async () => {
  const { world, task } = await editedTask()
  renameSync(task.path, join(world.user.scratch, 'away'))
  rmSync(task.gitDir!, { recursive: true })
  mkdirSync(task.path)
  writeFileSync(join(task.path, 'mine'), 'mine')

  await expectRefused(world, 'place-occupied')
})

test('a symbolic link in a worktree’s place is not followed', async () => {
  const { world, task } = await editedTask()
  const away = join(world.user.scratch, 'away')
  renameSync(task.path, away)
  symlinkSync(away, task.path)

  await expectRefused(world, 'place-occupied')
})

test('what stands where a parked task would come back is told', async () => {
  const { world, task } = await editedTask()
  await world.engine.command('fix', { type: 'task.park', data: { reason: null } })
  mkdirSync(task.path, { recursive: true })

  await expectRefused(world, 'place-occupied')
})

test('a locked worktree is told, and stays locked', async () => {
  const { world, task } = await editedTask()
  world.user.git('worktree', 'lock', '--reason', 'mine', task.path)

  expect((await expectRefused(world, 'worktree-locked')).meaning).toContain('mine')
  await expectHealthy(world)
})
