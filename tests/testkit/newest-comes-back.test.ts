import { Engine, type TaskState, type Workspace } from '@coppice/core'
import {
  arbitraryStory,
  assertNewestComesBack,
  BrokenPromise,
  play,
  SimulatedWorld,
  Simulation,
} from '@coppice/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ABANDON, PARK, RESTORE, RESUME } from '../core/helpers/requests.js'

/** A way to make a worktree that is not what it should be. */
type Weakness = (world: SimulatedWorld, workspace: Workspace) => void

/** Worktrees are made from the checkpoint before the newest. */
const takesOlder: Weakness = (world, workspace) => {
  const older = (task: TaskState): TaskState => {
    const taken = world.disk.after(0).flatMap(({ stream, type, data }) => {
      return type === 'checkpoint.taken' && stream === `task/${task.id}` ? [data.checkpoint] : []
    })
    return { ...task, checkpoint: taken.at(-2) ?? task.checkpoint }
  }
  const create = workspace.create.bind(workspace)
  const rebuild = workspace.rebuild.bind(workspace)
  workspace.create = (task, context) => create(older(task), context)
  workspace.rebuild = (task, context) => rebuild(older(task), context)
}

/** Every worktree that is made lacks what is in a directory or staged. */
const forgets =
  (what: 'files' | 'index'): Weakness =>
  ({ repository }) => {
    const rename = repository.rename.bind(repository)
    repository.rename = (from, to) => {
      const directory = repository.directories.get(from)
      if (directory !== undefined && from.includes('.making')) {
        if (what === 'files') repository.directories.set(from, { ...directory, files: new Map() })
        else repository.change(directory.names ?? '', { index: new Map() })
      }
      rename(from, to)
    }
  }

function weaken(world: SimulatedWorld, weakness: Weakness): void {
  const start = world.start.bind(world)
  world.start = (steps) => {
    const process = start(steps)
    weakness(world, process.ports.workspace)
    return process
  }
}

/** A task with two checkpoints, of which the second has more files and is staged. */
async function worked(world: SimulatedWorld): Promise<Engine> {
  const engine = await Engine.open(world.start().ports)
  const { path } = await engine.create({ id: 'fix' })
  world.at(path).write('f', 'half of it')
  await engine.checkpoint('fix', undefined)
  world.at(path).write('f', 'all of it')
  world.at(path).write('g', 'and more')
  world.at(path).stage()
  await engine.checkpoint('fix', undefined)
  return engine
}

const WAYS: Readonly<Record<string, (engine: Engine, world: SimulatedWorld) => Promise<unknown>>> = {
  'is parked and resumed': async (engine) => {
    await engine.command('fix', PARK)
    await engine.command('fix', RESUME)
  },
  'is abandoned and restored': async (engine) => {
    await engine.command('fix', ABANDON)
    await engine.command('fix', RESTORE)
  },
  'loses its worktree': async (engine, world) => {
    world.user.deleteDirectory('/repo.worktrees/fix')
    await engine.recover()
  },
}

describe.each(Object.entries(WAYS))('a task that %s', (_, goThere) => {
  test('comes back with its newest checkpoint', async () => {
    const world = new SimulatedWorld()
    await goThere(await worked(world), world)
    expect(world.placements.map(({ files }) => files.get('f')?.content)).toEqual([undefined, 'all of it'])
    expect(() => assertNewestComesBack(world)).not.toThrow()
  })

  test.each<[string, Weakness, RegExp]>([
    ['an older one', takesOlder, /^fix came back with less .+: . is not as in checkpoint 2/],
    ['less than that', forgets('files'), /: README.md is not as in its base/],
    ['nothing staged', forgets('index'), /: README.md is not staged as in its base/],
  ])('is noticed when it comes back with %s', async (__, weakness, message) => {
    const world = new SimulatedWorld()
    weaken(world, weakness)
    await goThere(await worked(world), world)
    expect(() => assertNewestComesBack(world)).toThrow(BrokenPromise)
    expect(() => assertNewestComesBack(world)).toThrow(message)
  })
})

const BRANCH = 'refs/heads/coppice/fix'

/** A task that has gone on to another commit, which is in a checkpoint or not, and loses its worktree. */
async function goneOn(
  world: SimulatedWorld,
  { isPinned, move }: { isPinned: boolean; move?: (commit: string) => void },
): Promise<void> {
  const engine = await worked(world)
  world.at('/repo.worktrees/fix').makeCommit('the next one')
  if (isPinned) await engine.checkpoint('fix', undefined)
  move?.(world.repository.branch('main')!)
  await WAYS['loses its worktree']?.(engine, world)
}

describe('a lost worktree in which the agent had gone on to another commit', () => {
  test.each([false, true])('comes back at that commit, pinned: %s', async (isPinned) => {
    const world = new SimulatedWorld()
    await goneOn(world, { isPinned })
    expect(world.placements.at(-1)?.commit).toBe(world.repository.refs.get(BRANCH))
    expect(() => assertNewestComesBack(world)).not.toThrow()
  })

  test('comes back at one before that if its owner has put the branch there', async () => {
    const world = new SimulatedWorld()
    await goneOn(world, { isPinned: true, move: (commit) => world.user.moveRef(BRANCH, commit) })
    expect(() => assertNewestComesBack(world)).not.toThrow()
  })

  test('is noticed when it comes back at one before that otherwise', async () => {
    const world = new SimulatedWorld()
    await goneOn(world, { isPinned: true, move: (commit) => world.repository.refs.set(BRANCH, commit) })
    expect(() => assertNewestComesBack(world)).toThrow(/: it is at [0-9a-f]+, and checkpoint 3 at [0-9a-f]+/)
  })
})

test('stories find an engine that makes worktrees of old checkpoints, and shrink to how it shows', async () => {
  const found = await fc.check(
    fc.asyncProperty(arbitraryStory({ tasks: ['a'], processes: 1 }), async (moves) => {
      const simulation = new Simulation()
      weaken(simulation.world, takesOlder)
      await play(simulation, moves)
    }),
    { numRuns: 500, seed: 5 },
  )
  expect(found.failed).toBe(true)
  expect((found.errorInstance as Error).message).toMatch(/came back with less than there was/)
  expect(found.counterexample?.[0].length).toBeLessThanOrEqual(8)
})
