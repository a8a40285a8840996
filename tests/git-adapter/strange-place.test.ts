import type { TaskState } from '@coppice/core'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { ABANDON, mergeRequest } from '../core/helpers/requests.js'
import { expectFound, expectHealthy, expectRefused, expectRepaired } from './helpers/drift.js'
import { editedTask } from './helpers/edited.js'
import { agentRuns, contentOf, filesIn } from './helpers/tree.js'
import { factsOf, type World } from './helpers/world.js'

let world: World
let task: TaskState
/** Another task, whose worktree is in order. */
let other: TaskState
let before: string

beforeEach(async () => {
  ;({ world, task } = await editedTask())
  await world.engine.checkpoint('fix', undefined)
  task = world.engine.find('fix')!
  other = await world.engine.create({ id: 'other' })
  agentRuns(world.user, other.path, 'echo theirs > theirs')
  before = world.user.git('rev-parse', 'main')
})

/** What somebody can put in the place of a worktree, as what it is called then. */
const STRANGERS: Readonly<Record<string, () => void>> = {
  'the output of a build': () => {
    rmSync(task.path, { recursive: true })
    mkdirSync(join(task.path, 'build'), { recursive: true })
    writeFileSync(join(task.path, 'build/log'), 'log')
  },
  'an empty directory': () => {
    rmSync(task.path, { recursive: true })
    mkdirSync(task.path)
  },
  'a copy of the repository’s files': () => {
    rmSync(task.path, { recursive: true })
    agentRuns(world.user, world.user.path, `mkdir '${task.path}'; cp -r README.md '${task.path}'`)
  },
  'the worktree of another task': () => {
    rmSync(task.path, { recursive: true })
    renameSync(other.path, task.path)
  },
  'the worktree of another task, each in the place of the other': swap,
  'a symbolic link to a directory elsewhere': () => {
    const elsewhere = join(world.user.scratch, 'elsewhere')
    mkdirSync(elsewhere)
    writeFileSync(join(elsewhere, 'secret'), 'secret')
    rmSync(task.path, { recursive: true })
    symlinkSync(elsewhere, task.path)
  },
  'a symbolic link to where the worktree is now': () => {
    const elsewhere = join(world.user.scratch, 'elsewhere')
    renameSync(task.path, elsewhere)
    symlinkSync(elsewhere, task.path)
  },
}

function swap(): void {
  const between = join(world.user.scratch, 'between')
  renameSync(task.path, between)
  renameSync(other.path, task.path)
  renameSync(between, other.path)
}

describe.each(Object.keys(STRANGERS))('where there is %s in the place of a worktree', (stranger) => {
  test('nothing of it is merged, and the task stays active', async () => {
    STRANGERS[stranger]!()
    await expect(world.engine.command('fix', mergeRequest())).rejects.toMatchObject({
      code: 'worktree-broken',
    })
    const rejection = { reason: 'error', message: expect.stringContaining('not as it was made') }
    expect((await factsOf(world)).at(-1)).toMatchObject({ type: 'merge.rejected', data: rejection })
    expect(world.engine.find('fix')).toMatchObject({ status: 'active' })
    expect(world.user.git('rev-parse', 'main')).toBe(before)
    expect(world.engine.find('fix')!.checkpoint).toEqual(task.checkpoint)
  })

  test('no checkpoint and no difference is taken of it', async () => {
    STRANGERS[stranger]!()
    const broken = { code: 'worktree-broken', message: expect.stringContaining(task.path) }
    await expect(world.engine.checkpoint('fix', undefined)).rejects.toMatchObject(broken)
    await expect(world.workspace.diff(task, { color: false, stat: true })).rejects.toMatchObject(broken)
    expect(world.engine.find('fix')!.checkpoint).toEqual(task.checkpoint)
  })
})

test('regular checkpoints pass over what is no worktree any more, and tell of it', async () => {
  rmSync(task.path, { recursive: true })
  mkdirSync(task.path)
  await world.engine.checkpointActive(new AbortController().signal)
  expect(world.problems).toMatchObject([{ task: 'fix', error: { code: 'worktree-broken' } }])
  expect(world.engine.find('other')!.checkpoint).toMatchObject({ number: 1 })
})

test('a worktree that was renamed is named where something else stands in its place, and is taken up there', async () => {
  const content = contentOf(world.user, task.path)
  const now = `${task.path}-renamed`
  renameSync(task.path, now)
  mkdirSync(task.path)
  const hint = expect.stringContaining(now)
  await expect(world.engine.checkpoint('fix', undefined)).rejects.toMatchObject({ hint })
  await expectRepaired(world, 'worktree-moved')
  expect(world.engine.find('fix')).toMatchObject({ path: now })
  expect(contentOf(world.user, now)).toEqual(content)
})

test('two worktrees that were swapped are each taken up where they are', async () => {
  swap()
  await expectRepaired(world, 'worktree-moved')
  expect(world.engine.find('fix')).toMatchObject({ path: other.path })
  expect(world.engine.find('other')).toMatchObject({ path: task.path })
  await world.engine.command('fix', mergeRequest())
  expect(world.user.git('show', 'main:u')).toBe('u')
  expect(world.user.git('ls-tree', '--name-only', 'main').split('\n')).not.toContain('theirs')
})

describe('a repair of what stands in the place of a worktree', () => {
  test('takes an empty directory away, and makes the worktree anew', async () => {
    const content = contentOf(world.user, task.path)
    STRANGERS['an empty directory']!()
    await expectRepaired(world, 'worktree-missing')
    expect(contentOf(world.user, task.path)).toEqual(content)
  })

  test.each(['the output of a build', 'a symbolic link to a directory elsewhere'])(
    'leaves %s alone, and makes the worktree anew once it is moved away',
    async (stranger) => {
      const content = contentOf(world.user, task.path)
      STRANGERS[stranger]!()
      const files = readdirSync(task.path)
      expect((await expectRefused(world, 'place-occupied')).subject).toBe(task.path)
      expect(readdirSync(task.path)).toEqual(files)
      renameSync(task.path, join(world.user.scratch, 'aside'))
      await expectRepaired(world, 'worktree-missing')
      expect(contentOf(world.user, task.path)).toEqual(content)
      expect(readdirSync(join(world.user.scratch, 'aside'))).toEqual(files)
    },
  )

  test('leaves a repository alone that has none of its files', async () => {
    rmSync(task.path, { recursive: true })
    agentRuns(world.user, world.user.scratch, `git init -q '${task.path}'; echo mine > '${task.path}/mine'`)
    await expectRefused(world, 'place-occupied')
    expect(existsSync(join(task.path, '.git/HEAD'))).toBe(true)
  })

  test('never ties the worktree of one task to another one', async () => {
    const files = filesIn(other.path)
    STRANGERS['the worktree of another task']!()
    await expectFound(world, 'place-occupied')
    await world.engine.repair(false)
    expect(world.engine.find('other')).toMatchObject({ path: task.path })
    expect(filesIn(task.path)).toEqual(files)
    await expect(world.engine.checkpoint('fix', undefined)).rejects.toMatchObject({ code: 'worktree-broken' })
    await world.engine.command('other', ABANDON)
    await expectRepaired(world, 'worktree-missing')
    await expectHealthy(world)
  })

  test.each([
    ['its index is torn', 'DIRC'],
    ['its index is empty', ''],
  ])('ties a worktree again of which some files are left, though %s', async (_, index) => {
    agentRuns(world.user, task.path, 'rm -r .git README.md c s u')
    writeFileSync(join(task.gitDir!, 'index'), index)
    await expectFound(world, 'pointer-broken')
    await world.engine.repair(false)
    expect(world.user.git('-C', task.path, 'rev-parse', '--absolute-git-dir')).toBe(task.gitDir)
    expect(Object.keys(filesIn(task.path))).toEqual(['src/greeting.txt', 'src/numbers.txt'])
  })
})
