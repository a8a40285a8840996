import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ABANDON, PARK, RESUME } from '../../core/helpers/requests.js'
import { editedTask } from '../helpers/edited.js'
import { agentRuns, gitIn } from '../helpers/tree.js'
import type { World } from '../helpers/world.js'

/** A merge that stops at a conflict in `c`, one of whose sides is in no commit, and beside it a file that is only staged. */
const CONFLICT = `
  echo base > c; git add c; git commit -qm base
  git checkout -qb side; echo theirs > c; git commit -qam theirs
  git checkout -q coppice/fix; echo ours > c; git commit -qam ours
  git merge -q side || true
  lost=$(echo 'only here' | git hash-object -w --stdin)
  printf "100644 $lost 3\\tc\\n" | git update-index --index-info
  echo precious > beside; git add beside`

interface Salvaged {
  readonly world: World
  readonly path: string
  readonly gitDir: string
}

async function conflicted(): Promise<Salvaged> {
  const { world, task } = await editedTask(CONFLICT)
  return { world, path: task.path, gitDir: task.gitDir! }
}

/** What is salvaged of a kind, once git has collected all that nothing reaches. */
function salvagedIn({ user }: World, file: string): string {
  user.git('reflog', 'expire', '--expire=now', '--expire-unreachable=now', '--all')
  user.git('gc', '--quiet', '--prune=now')
  const pins = user.git('for-each-ref', '--format=%(refname)', 'refs/coppice/fix/salvaged/').split('\n')
  const having = pins.filter((pin) =>
    user.git('ls-tree', '-r', '--name-only', pin).split('\n').includes(file),
  )
  return having.map((pin) => user.git('cat-file', '-p', `${pin}:${file}`)).join()
}

test('what is staged beside a conflict, and each side of it, is pinned when the worktree is deleted', async () => {
  const { world, path } = await conflicted()
  const { user } = world
  const oids = gitIn(user, path, 'ls-files', '--stage')
    .match(/[0-9a-f]{40}/g)!
    .toSorted()
  expect(gitIn(user, path, 'ls-files', '--unmerged')).not.toBe('')
  rmSync(path, { recursive: true })

  await world.engine.recover()

  expect(world.problems).toEqual([])
  expect(salvagedIn(world, 'staged/beside')).toBe('precious')
  expect(salvagedIn(world, 'staged/c')).toBe('ours')
  for (const oid of oids) expect(user.git('cat-file', '-t', oid)).toBe('blob')
})

test('an abandoned task whose worktree is deleted in a conflict has it pinned as well', async () => {
  const { world, path } = await conflicted()
  rmSync(path, { recursive: true })
  await world.engine.command('fix', ABANDON)
  expect(world.problems).toEqual([])
  expect(salvagedIn(world, 'staged/beside')).toBe('precious')
})

test('an index that the newest checkpoint holds is not pinned once more', async () => {
  const { world, path } = await conflicted()
  await world.engine.checkpoint('fix', undefined)
  rmSync(path, { recursive: true })
  await world.engine.recover()
  expect(world.user.git('for-each-ref', 'refs/coppice/fix/salvaged/')).toBe('')
})

test('where one object of an index is lost, all others are pinned', async () => {
  const { world, task } = await editedTask('echo kept > kept; echo lost > lost; git add kept lost')
  const { user, repository } = world
  // What is looked for once after each boot is done with.
  await world.engine.recover()
  const oid = gitIn(user, task.path, 'rev-parse', ':lost').trim()
  rmSync(join(repository.commonDir, 'objects', oid.slice(0, 2), oid.slice(2)))
  rmSync(task.path, { recursive: true })

  await world.engine.recover()

  expect(world.problems).toEqual([])
  expect(salvagedIn(world, 'staged/kept')).toBe('kept')
})

test('an index that cannot be read is kept for a person, and nobody is kept from the task', async () => {
  const { world, path, gitDir } = await conflicted()
  writeFileSync(join(gitDir, 'index'), 'garbage')
  rmSync(path, { recursive: true })

  await world.engine.recover()

  expect(world.problems).toEqual([])
  expect(readdirSync(join(world.repository.commonDir, 'coppice/aside'))).toHaveLength(1)
  await world.engine.command('fix', PARK)
  expect(await world.engine.command('fix', RESUME)).toMatchObject({ status: 'active' })
  agentRuns(world.user, path, 'git status')
})
