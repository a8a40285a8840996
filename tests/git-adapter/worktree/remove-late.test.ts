import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fact } from '@coppice/testkit'
import { describe, expect, test, vi } from 'vitest'
import { ABANDON, PARK, RESTORE, RESUME } from '../../core/helpers/requests.js'
import { debrisOf } from '../helpers/debris.js'
import { editedTask, type Edited } from '../helpers/edited.js'
import { fakeGit } from '../helpers/fake-git.js'
import { rested } from '../helpers/kept-look.js'
import { filesIn } from '../helpers/tree.js'
import { factsOf } from '../helpers/world.js'

/** A task whose content is pinned, and whose worktree something happens to once it lies in the trash, `$d`. */
async function disturbedInTrash(script: string): Promise<Edited> {
  const edited = await editedTask()
  const { world, task } = edited
  await world.engine.checkpoint('fix', undefined)
  const trash = join(dirname(task.path), '.trash')
  const once = join(world.user.scratch, 'once')
  const meddle = `for d in '${trash}'/fix~*/; do test ! -d "$d" || test -e '${once}' || { : > '${once}'; ${script}; }; done`
  vi.stubEnv('PATH', fakeGit(world.user.scratch, `${meddle}; exec git "$@"`))
  await world.engine.command('fix', ABANDON)
  vi.stubEnv('PATH', world.user.env['PATH'])
  expect(existsSync(once)).toBe(true)
  return edited
}

test('what was written between the last look and the removal is pinned before it goes', async () => {
  const { world } = await disturbedInTrash('echo late > "$d/late"')
  const facts = await factsOf(world)
  const trees = facts.flatMap((each) => (each.type === 'checkpoint.taken' ? [each.data.checkpoint.tree] : []))
  const hasLate = trees.map((tree) => world.user.git('ls-tree', '--name-only', tree).includes('late'))
  expect(hasLate).toEqual([false, true])
  expect([world.problems, debrisOf(world)]).toEqual([[], []])
})

test.each([
  ['changed', 'echo x > "$d/u"'],
  ['of the same size', 'echo v > "$d/u"'],
  ['made executable', 'chmod +x "$d/u"'],
  ['deleted', 'rm "$d/u"'],
  ['replaced by a link', 'ln -sf s "$d/u"'],
  ['replaced by a directory', 'rm "$d/u"; mkdir "$d/u"; echo x > "$d/u/x"'],
  ['staged before, and changed', 'echo x > "$d/s"'],
  ['committed before, and deleted', 'rm "$d/c"'],
])('what a checkpoint had, and was %s since, is pinned as it is', async (_, script) => {
  const { world, task } = await disturbedInTrash(script)
  expect(world.engine.find('fix')).toMatchObject({ worktree: 'absent', checkpoint: { number: 2 } })
  const expected = join(world.user.scratch, 'expected')
  world.user.git('clone', '-q', world.user.path, expected)
  execFileSync('sh', ['-euc', `echo c > c; echo s > s; echo u > u; d=.; ${script}`], { cwd: expected })
  await world.engine.command('fix', RESTORE)
  expect(filesIn(task.path)).toEqual(filesIn(expected))
  expect([world.problems, debrisOf(world)]).toEqual([[], []])
})

test('a file of which the object was lost since its checkpoint is taken once more before it goes', async () => {
  const { world } = await editedTask()
  // The look at the worktree in its place builds upon this one then, and misses no object.
  await rested()
  const { tree } = (await world.engine.checkpoint('fix', undefined))!
  const blob = world.user.git('rev-parse', `${tree}:u`)
  const file = join(world.repository.commonDir, 'objects', blob.slice(0, 2), blob.slice(2))
  rmSync(file)
  await world.engine.command('fix', ABANDON)
  expect(existsSync(file)).toBe(true)
  expect([world.problems, debrisOf(world)]).toEqual([[], []])
})

test('a worktree in which something was made meanwhile that nothing can pin is put back', async () => {
  const { world, task } = await disturbedInTrash('env -u GIT_DIR -u GIT_WORK_TREE git init -q "$d/lib"')
  expect(world.problems).toMatchObject([{ error: { reason: { code: 'uncaptured' } } }])
  expect(existsSync(join(task.path, 'lib/.git'))).toBe(true)
  expect(debrisOf(world)).toEqual([])
})

// Other systems do not tell where a process is at work.
test.runIf(process.platform === 'linux')('so is one into which a process went meanwhile', async () => {
  const { world, task } = await disturbedInTrash(
    'here=$PWD; cd "$d"; sleep 60 <&- >&- 2>&- & echo $! > ../../pid; cd "$here"',
  )
  const file = join(dirname(task.path), 'pid')
  process.kill(Number(readFileSync(file, 'utf8')))
  rmSync(file)
  expect(world.problems).toMatchObject([{ error: { reason: { code: 'worktree-in-use' } } }])
  expect(existsSync(join(task.path, 'u'))).toBe(true)
  expect(debrisOf(world)).toEqual([])
  await world.engine.recover()
  expect(existsSync(task.path)).toBe(false)
})

describe('what lies in the trash without git’s entry of it, as a process that died has left it,', () => {
  const leftInTrash = async (script: string): Promise<Edited & { readonly trash: string }> => {
    const edited = await editedTask()
    const { world } = edited
    await world.engine.checkpoint('fix', undefined)
    const task = world.engine.find('fix')!
    await world.log.append('task/fix', [fact('task.abandoned')], task.version)
    const trash = join(dirname(task.path), '.trash/fix~1')
    mkdirSync(dirname(trash))
    renameSync(task.path, trash)
    rmSync(task.gitDir!, { recursive: true })
    execFileSync('sh', ['-euc', script], { cwd: trash, env: world.user.env })
    await world.engine.recover()
    return { world, task, trash }
  }
  const salvaged = ({ world }: Edited): string =>
    world.user.git('for-each-ref', '--format=%(refname)', 'refs/coppice/fix/salvaged')

  test('is deleted where a checkpoint holds all that is left of it', async () => {
    const found = await leftInTrash('rm u src/greeting.txt')
    expect([salvaged(found), debrisOf(found.world), found.world.problems]).toEqual(['', [], []])
  })

  test('is pinned first where it holds anything else', async () => {
    const found = await leftInTrash('echo late > late')
    expect(found.world.user.git('ls-tree', '--name-only', salvaged(found))).toContain('late')
    expect([debrisOf(found.world), found.world.problems]).toEqual([[], []])
  })

  test('stays where it holds what nothing can pin', async () => {
    const found = await leftInTrash('git init -q lib')
    expect(found.world.problems).toMatchObject([{ error: { reason: { code: 'uncaptured' } } }])
    expect(existsSync(join(found.trash, 'lib/.git'))).toBe(true)
  })
})

test('a task that is wanted again while its removal is interrupted gets its worktree back as it is', async () => {
  const { world } = await editedTask()
  await world.engine.checkpoint('fix', undefined)
  const task = world.engine.find('fix')!
  const trash = join(dirname(task.path), '.trash/fix~1')
  mkdirSync(dirname(trash))
  renameSync(task.path, trash)
  writeFileSync(join(trash, 'late'), 'late')
  await world.log.append('task/fix', [fact('task.parked')], task.version)
  await world.engine.command('fix', RESUME)
  expect(world.engine.find('fix')).toMatchObject({ status: 'active', worktree: 'present' })
  expect([existsSync(join(task.path, 'late')), debrisOf(world), world.problems]).toEqual([true, [], []])
})

test('what an interrupted removal has left of an earlier worktree is not taken for the one that goes now', async () => {
  const { world, task } = await editedTask()
  await world.engine.checkpoint('fix', undefined)
  const trash = join(dirname(task.path), '.trash/fix~1.pinned')
  mkdirSync(trash, { recursive: true })
  copyFileSync(join(task.path, '.git'), join(trash, '.git'))
  const before = filesIn(task.path)
  await world.engine.command('fix', PARK)
  expect(world.engine.find('fix')).toMatchObject({ worktree: 'absent', checkpoint: { number: 1 } })
  await world.engine.command('fix', RESUME)
  expect(filesIn(task.path)).toEqual(before)
  expect([debrisOf(world), world.problems]).toEqual([[], []])
})
