import { FileLocks } from '@coppice/store'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { eventually } from '../../helpers/eventually.js'
import { makeRepository, type TestRepository } from '../../helpers/repository.js'
import { fakeGit } from '../helpers/fake-git.js'
import { isRunning } from '../helpers/processes.js'
import { openWorld, type World } from '../helpers/world.js'
import { expectTidy, expectWhole, fill, openPooled, poolOf } from './pooled.js'

const KIB = 1_024
/** What the three files of the repository that tests begin with take. */
const FIRST_BYTES = 3 * 4 * KIB

describe('the pool is bounded', () => {
  test('in number', async () => {
    const world = await openWorld()
    const spares = await fill(world, { size: 3 })
    expect(spares.map(({ bytes }) => bytes)).toEqual([FIRST_BYTES, FIRST_BYTES, FIRST_BYTES])
    expect(await fill(world, { size: 3 })).toEqual(spares)
    await expectTidy(world)
  })

  test('and the oldest go where there are too many', async () => {
    const world = await openWorld()
    const spares = await fill(world, { size: 3 })
    expect(await fill(world, { size: 1 })).toEqual(spares.slice(2))
    await expectTidy(world)
    expect(await fill(world, { size: 0 })).toEqual([])
    expect(poolOf(world)).toEqual([])
    expect(existsSync(`${world.user.path}.worktrees`)).toBe(false)
  })

  test('in bytes', async () => {
    const world = await openWorld()
    expect(await fill(world, { size: 5, maxBytes: 2 * FIRST_BYTES })).toHaveLength(2)
    expect(await fill(world, { size: 5, maxBytes: 3 * FIRST_BYTES - 1 })).toHaveLength(2)
    const [, newest] = await world.workspace.spares()
    expect(await fill(world, { size: 5, maxBytes: FIRST_BYTES })).toEqual([newest])
    expect(await fill(world, { size: 5, maxBytes: FIRST_BYTES - 1 })).toEqual([])
    expect(poolOf(world)).toEqual([])
    await expectTidy(world)
  })

  test('in bytes, with the shortest form of an index', async () => {
    const user = makeRepository()
    user.git('config', 'index.version', '4')
    const world = await openWorld({ user })
    const spares = await fill(world, { size: 3, maxBytes: 2 * FIRST_BYTES })
    expect(spares.map(({ bytes }) => bytes)).toEqual([FIRST_BYTES, FIRST_BYTES])
    await world.engine.create({ id: 'fix' })
    await expectWhole(world, 'fix')
  })
})

test('the first revision that names a commit is what is checked out', async () => {
  const world = await openWorld()
  const [spare] = await fill(world, { revisions: ['refs/heads/none', 'HEAD~1', 'HEAD'] })
  expect(spare!.commit).toBe(world.user.git('rev-parse', 'HEAD~1'))
  await fill(world, { size: 0 })
  expect(await fill(world, { revisions: ['refs/heads/none'] })).toEqual([])
})

/** A repository whose files are filtered by a script. */
function filteredBy(script: string): TestRepository {
  const user = makeRepository()
  user.commit('.gitattributes', 'src/numbers.txt filter=ours\n')
  user.git('config', 'filter.ours.smudge', script)
  user.git('config', 'filter.ours.required', 'true')
  return user
}

describe('of a ready worktree that is not finished nothing is left:', () => {
  test('its checkout fails', async () => {
    const world = await openWorld({ user: filteredBy('exit 1') })
    await expect(fill(world)).rejects.toMatchObject({ code: expect.any(String) as string })
    expect(poolOf(world)).toEqual([])
    expect(existsSync(`${world.user.path}.worktrees`)).toBe(false)
    world.user.git('config', 'filter.ours.smudge', 'cat')
    expect(await fill(world)).toHaveLength(1)
  })

  test('the second fails: the first stays', async () => {
    const user = makeRepository()
    const world = await openWorld({ user })
    const count = join(user.scratch, 'count')
    const script = `case "$*" in *reset*) ;; *) exec git "$@" ;; esac; { echo >> '${count}'; [ $(wc -l < '${count}') -lt 2 ] || exit 1; }; exec git "$@"`
    vi.stubEnv('PATH', fakeGit(user.scratch, script))
    await expect(fill(world, { size: 3 })).rejects.toMatchObject({ code: 'git-failed' })
    expect(await world.workspace.spares()).toHaveLength(1)
    await expectTidy(world)
  })

  test('it is cancelled, and what runs for it ends', async () => {
    const pid = join(makeRepository().scratch, 'pid')
    const world = await openWorld({ user: filteredBy(`echo $$ > ${pid}; sleep 1000`) })
    const controller = new AbortController()
    const filling = fill(world, { signal: controller.signal })
    await eventually(() => existsSync(pid))
    controller.abort(new Error('enough'))
    await expect(filling).rejects.toThrow('enough')
    expect(poolOf(world)).toEqual([])
    await eventually(() => !isRunning(readFileSync(pid, 'utf8').trim()))
    await expectTidy(world)
  })

  test('it is cancelled before it has begun', async () => {
    const world = await openWorld()
    await expect(fill(world, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough')
    expect(poolOf(world)).toEqual([])
  })
})

describe('who fills the pool', () => {
  test('shares it with others who do, at the same time, and none makes too many', async () => {
    const user = makeRepository()
    const worlds = [await openWorld({ user }), await openWorld({ user }), await openWorld({ user })]
    await Promise.all(worlds.map((world, at) => fill(world, { size: 2, wait: at > 0 })))
    expect(await worlds[0]!.workspace.spares()).toHaveLength(2)
    await expectTidy(worlds[0]!)
  })

  test('does nothing while somebody else does, unless it is to wait', async () => {
    const world = await openWorld()
    const lock = await poolLock(world)
    expect(await fill(world, { wait: false })).toEqual([])
    const waiting = fill(world)
    await lock!.release()
    expect(await waiting).toHaveLength(1)
  })

  test('can be stopped while it waits', async () => {
    const world = await openWorld()
    const lock = await poolLock(world)
    const controller = new AbortController()
    const waiting = fill(world, { signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    await lock!.release()
  })
})

function poolLock({ repository }: World): ReturnType<FileLocks['tryAcquire']> {
  return new FileLocks(join(repository.commonDir, 'coppice', 'locks')).tryAcquire('pool')
}

test('what lies beside ready worktrees and is nobody’s is left alone', async () => {
  const { world, spare } = await openPooled()
  const strange = join(spare.path, '..', 'a-person-s')
  mkdirSync(strange)
  writeFileSync(join(strange, 'file'), 'x')
  await fill(world, { size: 0 })
  await world.workspace.tidy()
  expect(existsSync(join(strange, 'file'))).toBe(true)
})
