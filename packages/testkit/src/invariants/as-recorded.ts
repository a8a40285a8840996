import { isDeepStrictEqual } from 'node:util'
import { apply, type RecordedFact, type TaskState } from '@coppice/core'
import { BrokenPromise } from './broken-promise.js'

/**
 * What an engine knows of its tasks is what the facts alone say, in the order of their requests, whatever became of its
 * snapshots.
 *
 * @throws {BrokenPromise} with the task that it knows otherwise
 */
export function assertAsRecorded(known: readonly TaskState[], facts: Iterable<RecordedFact>): void {
  const states = new Map<string, TaskState>()
  for (const fact of facts) apply(states, fact)
  const [names, recorded] = [known.map(({ id }) => id), [...states.keys()]]
  if (!isDeepStrictEqual(names, recorded))
    throw new BrokenPromise(`known are ${listed(names)}, and recorded are ${listed(recorded)}`)
  for (const task of known) {
    const state = states.get(task.id)
    if (!isDeepStrictEqual(task, state))
      throw new BrokenPromise(`${JSON.stringify(task)} is known, and recorded is ${JSON.stringify(state)}`)
  }
}

function listed(ids: readonly string[]): string {
  return ids.length === 0 ? 'no tasks' : ids.join(', ')
}
