import { MERGE_STRATEGIES } from '@coppice/core'
import fc from 'fast-check'
import type { AgentMove, EngineMove, EngineWish, FateMove, Fault, Move, UserMove } from './move.js'
import { requireStoryOptions, type StoryOptions } from './story-options.js'

/** Steps that a wish takes, at most, give or take a few. */
const MAX_STEP = 24

/** Of so many stories in which a task is created at once there is one in which it is not. */
const USUALLY = 19

const SNAPSHOT_CHANGES = ['the newest', 'the newest', 'none', 'a damaged one', 'an older one'] as const

/** The files that everybody writes; few, so that they collide. */
const PATHS = ['f', 'g', 'shared']

/**
 * Anything that may happen to some tasks: what is asked of engines, what agents and people do, and what goes wrong.
 *
 * @throws {RangeError} for options with which nothing could happen
 */
export function arbitraryStory(options: StoryOptions = {}): fc.Arbitrary<readonly Move[]> {
  requireStoryOptions(options)
  const { tasks = ['a', 'b'], processes = 2, maxMoves = 30, faults = true } = options
  const task = fc.constantFrom(...tasks)
  const process = fc.nat({ max: processes - 1 })
  const engine = engineMove(wish(task), process, faults)
  const moves: fc.WeightedArbitrary<Move>[] = [
    { weight: 10, arbitrary: engine },
    { weight: 8, arbitrary: agentMove(task) },
    { weight: 2, arbitrary: path().map((each): UserMove => ({ do: 'commit-to-base', path: each })) },
  ]
  if (faults) {
    moves.push({ weight: 1, arbitrary: deletion(task) }, { weight: 3, arbitrary: fateMove(process) })
  }
  return fc
    .tuple(beginnings(tasks), fc.array(fc.oneof(...moves), { maxLength: maxMoves, size: 'max' }))
    .map(([begun, rest]) => begun.concat(rest))
}

/** As a rule every task is created at the beginning; what does not matter for a failure is left out as it shrinks. */
function beginnings(tasks: readonly string[]): fc.Arbitrary<readonly Move[]> {
  const create = (task: string): fc.Arbitrary<Move | null> =>
    fc.option(fc.constant<Move>({ do: 'create', task, process: 0, fault: null, beside: false }), {
      nil: null,
      freq: USUALLY,
    })
  return fc.tuple(...tasks.map(create)).map((moves) => moves.filter((move) => move !== null))
}

function wish(task: fc.Arbitrary<string>): fc.Arbitrary<EngineWish> {
  const simple = fc.constantFrom(
    'create',
    'checkpoint',
    'park',
    'resume',
    'abandon',
    'restore',
    'start-agent' as const,
  )
  return fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: simple, task }) as fc.Arbitrary<EngineWish> },
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('merge' as const),
        task,
        strategy: fc.constantFrom(...MERGE_STRATEGIES),
        verify: fc.constantFrom(null, 'passes', 'meanwhile', 'fails'),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('recover', 'repair') }) },
  )
}

function engineMove(
  wishes: fc.Arbitrary<EngineWish>,
  process: fc.Arbitrary<number>,
  faults: boolean,
): fc.Arbitrary<EngineMove> {
  const fault: fc.Arbitrary<Fault> = fc.record({
    step: fc.integer({ min: 1, max: MAX_STEP }),
    kind: fc.constantFrom('crash', 'crash', 'fail', 'pause'),
  })
  const how = fc.record({
    process,
    fault: faults ? fc.option(fault, { nil: null, freq: 3 }) : fc.constant(null),
    // One of five; it shrinks to the others.
    beside: fc.nat({ max: 4 }).map((number) => number === 4),
  })
  return fc.tuple(wishes, how).map(([wished, rest]) => Object.assign({}, wished, rest))
}

function agentMove(task: fc.Arbitrary<string>): fc.Arbitrary<AgentMove> {
  return fc.oneof(
    { weight: 8, arbitrary: fc.record({ do: fc.constant('write' as const), task, path: path() }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('remove-file' as const), task, path: path() }) },
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constantFrom('stage', 'stage', 'commit', 'commit', 'amend', 'detach', 'branch-off'),
        task,
      }),
    },
  )
}

function deletion(task: fc.Arbitrary<string>): fc.Arbitrary<UserMove> {
  return fc.oneof(
    fc.record({ do: fc.constant('delete-worktree' as const), task }),
    fc.record({ do: fc.constant('delete-entry' as const), task }),
    fc.record({ do: fc.constant('end-agent' as const), task }),
  )
}

function fateMove(process: fc.Arbitrary<number>): fc.Arbitrary<FateMove> {
  return fc.oneof(
    fc.record({ do: fc.constantFrom('kill', 'wake'), process }),
    fc.record({ do: fc.constant('cut-power' as const), kept: fc.nat({ max: 2 }) }),
    fc.record({ do: fc.constant('change-snapshot' as const), to: fc.constantFrom(...SNAPSHOT_CHANGES) }),
  )
}

function path(): fc.Arbitrary<string> {
  return fc.constantFrom(...PATHS)
}
