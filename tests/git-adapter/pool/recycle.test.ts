import { linkSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { FileLocks } from '@coppice/store'
import { expect, test, vi } from 'vitest'
import { ABANDON, mergeRequest, PARK, RESTORE, RESUME } from '../../core/helpers/requests.js'
import { makeRepository } from '../../helpers/repository.js'
import { fakeGit } from '../helpers/fake-git.js'
import { agentRuns, contentOf } from '../helpers/tree.js'
import { openWorld, type World } from '../helpers/world.js'
import { expectTidy, expectWhole, fill } from './pooled.js'

const LIMITS = { size: 1, maxBytes: 2 ** 30 }

/** A pool of one, whose worktree a task has taken, so that the next one comes from there. */
async function taken(user = makeRepository()): Promise<{ world: World; path: string }> {
  const world = await openWorld({ user, poolLimits: () => LIMITS })
  await fill(world)
  const { path } = await world.engine.create({ id: 'first' })
  expect(await world.workspace.spares()).toEqual([])
  return { world, path }
}

test.each([
  ['abandoned', ABANDON],
  ['parked', PARK],
  ['merged', mergeRequest()],
])(
  'the worktree of a task that is %s is ready for the next one, with nothing of its former life',
  async (_, request) => {
    const { world, path } = await taken()
    const inode = statSync(join(path, 'README.md')).ino
    agentRuns(
      world.user,
      path,
      `echo '*.log' > .gitignore; mkdir -p logs new/deep 'odd dir'; echo secret > logs/x.log; echo n > new/deep/n
    echo changed >> src/numbers.txt; git add -A; git commit -qm work; echo untracked > untracked; ln -s / root; mkfifo pipe
    chmod 700 src; echo more >> src/numbers.txt`,
    )
    await world.engine.command('first', request)
    expect(await world.workspace.spares()).toHaveLength(1)
    await world.engine.create({ id: 'second' })
    expect(await world.workspace.spares()).toEqual([])
    await expectWhole(world, 'second')
    const second = world.engine.find('second')!.path
    expect(statSync(join(second, 'README.md')).ino).toBe(inode)
  },
)

test('a task whose worktree another one has by now comes back as it was', async () => {
  const { world, path } = await taken()
  agentRuns(
    world.user,
    path,
    'echo mine > mine; echo changed > README.md; git add README.md; echo more > README.md',
  )
  const before = contentOf(world.user, path)
  await world.engine.command('first', ABANDON)
  const second = await world.engine.create({ id: 'second' })
  agentRuns(world.user, second.path, 'echo theirs > README.md')
  await world.engine.command('first', RESTORE)
  expect(contentOf(world.user, path)).toEqual(before)
  expect(readFileSync(join(second.path, 'README.md'), 'utf8')).toBe('theirs\n')
})

test('a file that its agent has linked elsewhere is written anew, and so is one that only looks the same', async () => {
  const { world, path } = await taken()
  const outside = join(world.user.scratch, 'outside')
  linkSync(join(path, 'README.md'), outside)
  agentRuns(
    world.user,
    path,
    `touch -r src/numbers.txt then; tr 0-9 9876543210 < src/numbers.txt > swapped; cat swapped > src/numbers.txt
    touch -r then src/numbers.txt; rm then swapped; git update-index --assume-unchanged src/numbers.txt`,
  )
  await world.engine.command('first', ABANDON)
  await world.engine.create({ id: 'second' })
  await expectWhole(world, 'second')
  expect(statSync(join(world.engine.find('second')!.path, 'README.md')).ino).not.toBe(statSync(outside).ino)
})

test('where most files have changed, or the pool is full, or settings have changed, it is deleted', async () => {
  const rewritten = await taken()
  agentRuns(
    rewritten.world.user,
    rewritten.path,
    'for f in $(git ls-files); do [ -L "$f" ] || echo x > "$f"; done',
  )
  await rewritten.world.engine.command('first', ABANDON)
  expect(await rewritten.world.workspace.spares()).toEqual([])
  await expectTidy(rewritten.world)
  const full = await taken()
  await fill(full.world)
  await full.world.engine.command('first', ABANDON)
  expect(await full.world.workspace.spares()).toHaveLength(1)
  await expectTidy(full.world)
  const configured = await taken()
  configured.world.user.git('config', 'core.autocrlf', 'input')
  await configured.world.engine.command('first', ABANDON)
  expect(await configured.world.workspace.spares()).toEqual([])
  await expectTidy(configured.world)
})

test('a worktree is made ready beside whoever fills the pool', async () => {
  const { world } = await taken()
  const locks = new FileLocks(join(world.repository.commonDir, 'coppice', 'locks'))
  const filling = await locks.acquire('pool')
  await world.engine.command('first', ABANDON)
  expect(await world.workspace.spares()).toHaveLength(1)
  await filling.release()
  await expectTidy(world)
})

test('what a task has left in directories is deleted, whatever may be done with them', async () => {
  const { world, path } = await taken()
  agentRuns(
    world.user,
    path,
    `echo 'out*/' > .gitignore; mkdir -p out/a/b out2 'odd dir/x'; echo x > out/a/b/c; echo y > out2/d
    chmod 500 out/a/b; chmod 000 out2; ln -s /etc out/link`,
  )
  await world.engine.command('first', ABANDON)
  expect(await world.workspace.spares()).toHaveLength(1)
  await world.engine.create({ id: 'second' })
  await expectWhole(world, 'second')
  await expectTidy(world)
})

test('a worktree whose settings changed while it was made for a task is not used', async () => {
  const user = makeRepository()
  const world = await openWorld({ user, poolLimits: () => LIMITS })
  const during = `case "$*" in *reset*--hard*) git "$@"; git -C '${user.path}' config core.autocrlf true; exit 0;; esac; exec git "$@"`
  vi.stubEnv('PATH', fakeGit(user.scratch, during))
  await world.engine.create({ id: 'first' })
  vi.stubEnv('PATH', user.env['PATH'])
  await world.engine.command('first', ABANDON)
  expect(await world.workspace.spares()).toEqual([])
})

test('so is one that did not come from the pool', async () => {
  const world = await openWorld({ user: makeRepository(), poolLimits: () => LIMITS })
  const { path } = await world.engine.create({ id: 'first' })
  const inode = statSync(join(path, 'README.md')).ino
  agentRuns(world.user, path, 'echo more >> src/numbers.txt; echo new > new')
  await world.engine.command('first', ABANDON)
  expect(await world.workspace.spares()).toHaveLength(1)
  const second = await world.engine.create({ id: 'second' })
  await expectWhole(world, 'second')
  expect(statSync(join(second.path, 'README.md')).ino).toBe(inode)
  await expectTidy(world)
})

test('it is used again and again, and nothing piles up', async () => {
  const { world } = await taken()
  for (let round = 0; round < 4; round++) {
    const id = `t${round}`
    await world.engine.command(round === 0 ? 'first' : `t${round - 1}`, ABANDON)
    const { path } = await world.engine.create({ id })
    await expectWhole(world, id)
    agentRuns(world.user, path, `echo ${round} > new; echo ${round} >> README.md; mkdir d; echo x > d/x`)
  }
  await world.engine.command('t3', PARK)
  await world.engine.command('t3', RESUME)
  await expectTidy(world)
  const kept = join(world.repository.commonDir, 'coppice', 'pristine')
  expect(readdirSync(kept)).toEqual([])
})
