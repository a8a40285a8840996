import { Engine, MERGE_STRATEGIES, type MergeStrategy } from '@coppice/core'
import {
  SimulatedWorld,
  type Fault,
  type Operation,
  type RegisterCall,
  type Verifier,
} from '@coppice/testkit'
import fc, { type Scheduler } from 'fast-check'
import { mergeRequest } from '../../core/helpers/requests.js'
import { landingsIn, type Wanted } from './landings.js'
import { RacingProcess } from './racing-process.js'

/** Who asks for the merge of which task, in which process, and how. */
export interface Merger {
  readonly task: string
  readonly process: number
  readonly strategy: MergeStrategy
  readonly verify: boolean
}

/** What goes on at the same time. */
export interface Race {
  readonly mergers: readonly Merger[]
  /** What befalls each of the processes; null for nothing. */
  readonly faults: readonly (Fault | null)[]
  /** Commits of a person to the base, one after the other; each number is of turns that are let pass before it. */
  readonly commits: readonly number[]
  /** Looks that somebody takes at the base, in the same way. */
  readonly reads: readonly number[]
}

const TASKS = ['a', 'b', 'c']
const PROCESSES = 3

/** Steps of a process that merges, give or take a few. */
const MAX_STEP = 40

export const arbitraryRace: fc.Arbitrary<Race> = fc.record({
  mergers: fc.array(
    fc.record({
      task: fc.constantFrom(...TASKS),
      process: fc.nat({ max: PROCESSES - 1 }),
      strategy: fc.constantFrom(...MERGE_STRATEGIES),
      verify: fc.boolean(),
    }),
    { minLength: 2, maxLength: 4 },
  ),
  faults: fc.array(
    fc.option(
      fc.record({
        step: fc.integer({ min: 1, max: MAX_STEP }),
        kind: fc.constantFrom('crash', 'fail' as const),
      }),
      { nil: null },
    ),
    { minLength: PROCESSES, maxLength: PROCESSES },
  ),
  commits: fc.array(fc.nat({ max: MAX_STEP }), { maxLength: 3 }),
  reads: fc.array(fc.nat({ max: MAX_STEP }), { maxLength: 3 }),
})

/** What came of a race. */
export interface Raced {
  readonly world: SimulatedWorld
  /** What everybody asked of the base branch, and was answered. */
  readonly operations: readonly Operation<RegisterCall>[]
  /** The base before the race. */
  readonly begin: string
  /** The commits that a verify command succeeded on. */
  readonly verified: ReadonlySet<string>
}

/**
 * Runs a race of merges of three tasks, each with a change of its own.
 *
 * @param prepare changes the world before anything happens in it
 */
export async function run(
  race: Race,
  scheduler: Scheduler,
  prepare: (world: SimulatedWorld) => void = () => undefined,
): Promise<Raced> {
  const verified = new Set<string>()
  const verifier: Verifier = ({ commit }) => {
    verified.add(commit)
    return { exitCode: 0 }
  }
  const world = new SimulatedWorld({ verifier })
  prepare(world)
  const begin = await makeTasks(world)

  let time = 0
  const tick = (): number => (time += 1)
  const turn = (name: string): Promise<void> => scheduler.schedule(Promise.resolve(), name)
  const wait = async (turns: number, name: string): Promise<void> => {
    for (let left = turns; left >= 0; left--) await turn(name)
  }
  const operations: Operation<RegisterCall>[] = []
  const wanted: Wanted[] = []
  const processes = race.faults.map((fault) => new RacingProcess(world, turn, fault))

  const merge = async ({ task, process, strategy, verify }: Merger): Promise<void> => {
    const invoked = tick()
    const request = mergeRequest({ strategy, verify: verify ? ['check'] : null })
    const state = await processes[process]!.ask((engine) => engine.command(task, request))
    wanted.push({ task, invoked, merged: state?.status === 'merged' ? tick() : null })
  }
  const commitAll = async (): Promise<void> => {
    for (const [number, turns] of race.commits.entries()) {
      await wait(turns, `a person commits, ${number}`)
      const from = world.repository.branch('main')
      const invoked = tick()
      const to = world.user.commit('main', { meanwhile: `${number}` })
      operations.push({ call: { do: 'swap', from, to, isDone: true }, invoked, answered: tick() })
    }
  }
  const readAll = async (): Promise<void> => {
    for (const [number, turns] of race.reads.entries()) {
      await wait(turns, `somebody will read, ${number}`)
      const invoked = tick()
      await turn(`somebody reads, ${number}`)
      const value = world.repository.branch('main')
      await turn(`somebody has read, ${number}`)
      operations.push({ call: { do: 'read', value }, invoked, answered: tick() })
    }
  }
  await scheduler.waitFor(Promise.all([...race.mergers.map(merge), commitAll(), readAll()]))
  await scheduler.waitFor(Promise.all(processes.map((process) => process.recovered())))

  world.killAll()
  await (await Engine.open(world.start().ports)).recover()
  const last = { call: { do: 'read', value: world.repository.branch('main') }, invoked: tick() } as const
  operations.push({ ...last, answered: tick() }, ...landingsIn(world.disk.all(), wanted))
  return { world, operations, begin, verified }
}

/** Answers with the commit that the base is at. */
async function makeTasks(world: SimulatedWorld): Promise<string> {
  const engine = await Engine.open(world.start().ports)
  for (const id of TASKS) {
    const { path } = await engine.create({ id })
    world.at(path).write(id, `of ${id}`)
  }
  await engine.close()
  return world.repository.branch('main') ?? ''
}
