import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { editedTask } from './helpers/edited.js'
import { expectFound, expectHealthy, expectRepaired } from './helpers/drift.js'
import { agentRuns, contentOf, filesIn, gitIn } from './helpers/tree.js'

test('a repository in which all is well is healthy', async () => {
  const { world } = await editedTask()

  await expectHealthy(world)
})

test('an empty commondir, over which git fails everywhere, is filled in', async () => {
  const { world, task } = await editedTask()
  const content = contentOf(world.user, task.path)
  writeFileSync(join(task.gitDir!, 'commondir'), '')
  expect(() => world.user.git('worktree', 'list')).toThrow(/commondir/)

  await expectRepaired(world, 'entry-poisoned')

  expect(world.user.git('worktree', 'list')).toContain(task.path)
  expect(contentOf(world.user, task.path)).toEqual(content)
})

test('an empty commondir of somebody else’s worktree is filled in too', async () => {
  const { world } = await editedTask()
  const mine = join(world.user.scratch, 'mine')
  world.user.git('worktree', 'add', '--quiet', mine)
  writeFileSync(join(world.repository.commonDir, 'worktrees', 'mine', 'commondir'), '')

  await expectRepaired(world, 'entry-poisoned')

  expect(gitIn(world.user, mine, 'status', '--short')).toBe('')
})

test.each(['', '/somewhere/else/.git\n'])('a gitdir file that says %j gets its place back', async (text) => {
  const { world, task } = await editedTask()
  const content = contentOf(world.user, task.path)
  writeFileSync(join(task.gitDir!, 'gitdir'), text)

  await expectRepaired(world, 'entry-broken')

  world.user.git('worktree', 'prune', '--expire=now')
  expect(contentOf(world.user, task.path)).toEqual(content)
})

test.each(['', `${'0'.repeat(40)}\n`, 'nonsense\n'])('a HEAD that says %j is put back', async (text) => {
  const { world, task } = await editedTask()
  const content = contentOf(world.user, task.path)
  writeFileSync(join(task.gitDir!, 'HEAD'), text)

  await expectRepaired(world, 'head-broken')

  expect(contentOf(world.user, task.path)).toEqual(content)
})

test('a pipe in the place of HEAD keeps nobody waiting, and is replaced', async () => {
  const { world, task } = await editedTask()
  const content = contentOf(world.user, task.path)
  const head = join(task.gitDir!, 'HEAD')
  agentRuns(world.user, task.path, `rm '${head}'; mkfifo '${head}'`)

  await expectFound(world, 'head-broken')
  await world.engine.repair(false)

  expect(contentOf(world.user, task.path)).toEqual(content)
})

test('a broken HEAD that was detached is put back where its log says it was', async () => {
  const { world, task } = await editedTask(
    'echo a > a; git add a; git commit -qm a; git checkout -q --detach HEAD~1',
  )
  const content = contentOf(world.user, task.path)
  writeFileSync(join(task.gitDir!, 'HEAD'), '')

  await world.engine.repair(false)

  expect(contentOf(world.user, task.path)).toEqual(content)
})

test('an entry that git has lost is made anew, and no file of the worktree changes', async () => {
  const { world, task } = await editedTask()
  const { path, gitDir } = task
  await world.engine.checkpoint('fix', 'all of it')
  const content = contentOf(world.user, path)
  rmSync(gitDir!, { recursive: true })
  expect(() => gitIn(world.user, path, 'status')).toThrow(/not a git repository/)

  await expectRepaired(world, 'entry-missing')

  expect(contentOf(world.user, path)).toEqual(content)
})

test('an entry that is lost with work that was never pinned is made anew with that work as a change', async () => {
  const { world, task } = await editedTask()
  const files = filesIn(task.path)
  rmSync(task.gitDir!, { recursive: true })

  await expectRepaired(world, 'entry-missing')

  expect(filesIn(task.path)).toEqual(files)
  expect(gitIn(world.user, task.path, 'status', '--short')).toBe('?? s\n?? u\n')
  expect(gitIn(world.user, task.path, 'log', '--format=%s', '-1')).toBe('c\n')
})

test('an entry that a worktree which is gone has left is removed, and what only it holds is pinned', async () => {
  const { world, task } = await editedTask()
  const { gitDir, path } = task
  await world.engine.command('fix', { type: 'task.abandon', data: { reason: null } })
  const entry = gitDir!
  world.user.git('worktree', 'add', '--quiet', '--detach', path)
  const again = join(world.repository.commonDir, 'worktrees', 'fix')
  gitIn(world.user, path, 'commit', '--quiet', '--allow-empty', '-m', 'only here')
  const commit = gitIn(world.user, path, 'rev-parse', 'HEAD').trim()
  writeFileSync(join(again, 'coppice-task'), 'fix\n')
  rmSync(path, { recursive: true })

  await expectRepaired(world, 'entry-left')

  expect(existsSync(entry)).toBe(false)
  expect(existsSync(again)).toBe(false)
  expect(world.user.git('for-each-ref', '--contains', commit)).toContain(
    `refs/coppice/fix/salvaged/${commit}`,
  )
})

test('what somebody else has made is named and left alone', async () => {
  const { world } = await editedTask()
  const mine = join(world.user.scratch, 'mine')
  world.user.git('worktree', 'add', '--quiet', mine)
  world.user.git('branch', 'coppice/mine')
  const gitdir = readFileSync(join(world.repository.commonDir, 'worktrees', 'mine', 'gitdir'), 'utf8')

  await world.engine.repair(false)

  expect((await expectFound(world, 'worktree-foreign'))[0]).toMatchObject({ subject: mine, severity: 'note' })
  expect((await expectFound(world, 'branch-foreign'))[0]).toMatchObject({
    subject: 'refs/heads/coppice/mine',
  })
  await expectHealthy(world)
  expect(gitdir).toBe(`${mine}/.git\n`)
})
