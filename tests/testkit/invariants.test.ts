import { Engine, type TaskState } from '@coppice/core'
import {
  assertBaseNeverPartial,
  assertMergedOnce,
  assertNoOrphans,
  assertNothingLost,
  BrokenPromise,
  SimulatedWorld,
  type SimulatedProcess,
} from '@coppice/testkit'
import { beforeEach, describe, expect, test } from 'vitest'
import { mergeRequest } from '../core/helpers/requests.js'

let world: SimulatedWorld
let process: SimulatedProcess
let engine: Engine

beforeEach(async () => {
  world = new SimulatedWorld()
  process = world.start()
  engine = await Engine.open(process.ports)
  const { path } = await engine.create({ id: 'fix' })
  world.at(path).write('f', 'the fix')
  await engine.checkpoint('fix', undefined)
})

const tasks = (): readonly TaskState[] => engine.tasks()
const directory = '/repo.worktrees/fix'

describe('nothing is lost', () => {
  test('while work is in a worktree or in a pin', () => {
    world.at(directory).write('f', 'more of it')
    expect(() => assertNothingLost(world)).not.toThrow()
  })

  test('unless what somebody wrote is overwritten by who should not', () => {
    world.at(directory).write('f', 'more of it')
    world.repository.directories.set(directory, { names: null, files: new Map() })
    expect(() => assertNothingLost(world)).toThrow(/"more of it", written in .*fix, f, is nowhere any more/)
  })

  test('by who deletes a worktree, as far as it was pinned', () => {
    world.at(directory).write('f', 'more of it')
    world.user.deleteDirectory(directory)
    expect(() => assertNothingLost(world)).not.toThrow()
  })

  test('unless a pin is moved or deleted', () => {
    world.repository.refs.set('refs/coppice/fix/checkpoints/1', null)
    expect(() => assertNothingLost(world)).toThrow(/checkpoint of fact #3 is not held/)
  })

  test('unless a commit is dropped that a worktree’s reflog alone knew', () => {
    const checkout = world.at(directory)
    checkout.stage()
    checkout.makeCommit('first')
    checkout.amend('second')
    const entry = [...world.repository.entries.values()].find(({ path }) => path === directory)
    expect(() => assertNothingLost(world)).not.toThrow()
    world.repository.change(entry!.gitDir, { visited: entry!.visited.slice(-1) })
    expect(() => assertNothingLost(world)).toThrow(/the commit [0-9a-f]+ is held by nothing/)
  })
})

describe('a base never has half of a change', () => {
  test('when tasks land on it and people commit to it', async () => {
    world.user.commit('main', { other: 'of somebody' })
    await engine.command('fix', mergeRequest())
    expect(() => assertBaseNeverPartial(world)).not.toThrow()
  })

  test('unless somebody moves it whom no fact names', () => {
    const { repository } = world
    const by = { name: 'x', email: 'x@example.invalid', at: world.clock.now() }
    const half = repository.commit(new Map(), [repository.branch('main')!], 'half\n', by)
    repository.refs.set('refs/heads/main', half)
    expect(() => assertBaseNeverPartial(world)).toThrow(/no fact names the commit/)
  })

  test('unless a merge that was prepared lacks some of its files', async () => {
    const { workspace } = process.ports
    const prepare = workspace.prepareMerge.bind(workspace)
    workspace.prepareMerge = async (task, context) => {
      const outcome = await prepare(task, context)
      if (outcome.kind !== 'prepared') return outcome
      const { base } = outcome.data
      const by = { name: 'x', email: 'x@example.invalid', at: context.at }
      const commit = world.repository.commit(world.repository.filesAt(base), [base], 'lacking\n', by)
      return { ...outcome, data: { ...outcome.data, commit } }
    }
    await engine.command('fix', mergeRequest())
    expect(() => assertBaseNeverPartial(world)).toThrow(/f is not as it was merged/)
  })
})

describe('a task is merged once', () => {
  test('when it lands', async () => {
    await engine.command('fix', mergeRequest())
    expect(() => assertMergedOnce(world)).not.toThrow()
  })

  test('unless its landing is undone and done again', async () => {
    await engine.command('fix', mergeRequest())
    const { from, to } = world.repository.refs.moves.findLast(({ ref }) => ref === 'refs/heads/main')!
    world.repository.refs.set('refs/heads/main', from)
    world.repository.refs.set('refs/heads/main', to)
    expect(() => assertMergedOnce(world)).toThrow(/was put on main 2 times/)
  })

  test('unless the log says so, and the base does not', async () => {
    await engine.command('fix', mergeRequest())
    const copy = new SimulatedWorld()
    copy.disk.write(world.disk.after(0))
    expect(() => assertMergedOnce(copy)).toThrow(/was never put on main/)
  })
})

describe('nothing is left over', () => {
  test('when every task has what the log says', () => {
    expect(() => assertNoOrphans(world, tasks())).not.toThrow()
  })

  test.each<[string, () => void, RegExp]>([
    [
      'a directory',
      () => world.user.makeDirectory('/repo.worktrees/.trash/fix~1', new Map()),
      /directories that no task has/,
    ],
    [
      'a branch',
      () => world.repository.refs.set('refs/heads/coppice/old', world.repository.branch('main')),
      /branches that no task/,
    ],
    ['no directory', () => world.user.deleteDirectory(directory), /directories that are missing/],
    ['no entry', () => world.repository.entries.clear(), /entries that are missing/],
    ['a lock', () => void process.ports.locks.tryAcquire('task-fix'), /locks that no task has: task-fix/],
  ])('unless there is %s', (_, change, message) => {
    change()
    expect(() => assertNoOrphans(world, tasks())).toThrow(message)
    expect(() => assertNoOrphans(world, tasks())).toThrow(BrokenPromise)
  })
})
