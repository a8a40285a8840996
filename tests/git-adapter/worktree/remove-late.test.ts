import { existsSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { ABANDON } from '../../core/helpers/requests.js'
import { debrisOf } from '../helpers/debris.js'
import { editedTask, type Edited } from '../helpers/edited.js'
import { fakeGit } from '../helpers/fake-git.js'
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
  const trees = facts.flatMap((fact) => (fact.type === 'checkpoint.taken' ? [fact.data.checkpoint.tree] : []))
  const hasLate = trees.map((tree) => world.user.git('ls-tree', '--name-only', tree).includes('late'))
  expect(hasLate).toEqual([false, true])
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
