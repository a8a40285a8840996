import { isCoppiceError, parseTaskId } from '@coppice/core'

export interface StoryOptions {
  /** The tasks that there may be, by ids that an engine takes; `a` and `b` by default. */
  readonly tasks?: readonly string[]
  /** Processes with an engine, at most; 2 by default. */
  readonly processes?: number
  /** Moves, at most; 30 by default. */
  readonly maxMoves?: number
  /** Whether anything but wishes and work happens: faults, kills, cuts, deletions. By default it does. */
  readonly faults?: boolean
}

/**
 * Refuses options with which stories would pass because nothing happens in them.
 *
 * @throws {RangeError} with the name of the option and what is wrong with it
 */
export function requireStoryOptions({ tasks, processes, maxMoves }: StoryOptions): void {
  if (tasks?.length === 0) throw new RangeError('tasks: there are none; name one at least')
  for (const task of tasks ?? []) requireTaskId(task)
  requireCount('processes', processes, 1)
  requireCount('maxMoves', maxMoves, 0)
}

/** @throws {RangeError} when there is a number that is not whole, or below the least */
export function requireCount(name: string, count: number | undefined, least: number): void {
  if (count === undefined || (Number.isSafeInteger(count) && count >= least)) return
  throw new RangeError(`${name}: it is ${count}; give a whole number from ${least} on`)
}

/** An engine would refuse to create such a task, and nothing would ever be done about it. */
function requireTaskId(task: string): void {
  try {
    parseTaskId(task)
  } catch (error) {
    if (!isCoppiceError(error)) throw error
    throw new RangeError(`tasks: ${error.message}; ${error.hint ?? ''}`, { cause: error })
  }
}
