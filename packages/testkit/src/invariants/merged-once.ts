import { taskOf } from '@coppice/core'
import { branchRef } from '../git-model/refs.js'
import type { SimulatedWorld } from '../world/simulated-world.js'
import { BrokenPromise } from './broken-promise.js'

/**
 * Every merge that the log says has landed moved its target exactly once, and no task landed twice.
 *
 * @throws {BrokenPromise}
 */
export function assertMergedOnce({ repository, disk }: SimulatedWorld): void {
  const landed = new Set<string>()
  for (const fact of disk.after(0)) {
    if (fact.type !== 'merge.landed') continue
    const task = taskOf(fact.stream) ?? fact.stream
    if (landed.has(task)) throw new BrokenPromise(`${task} landed more than once`)
    landed.add(task)
    const { commit, into } = fact.data
    const moves = repository.refs.moves.filter(({ ref, to }) => ref === branchRef(into) && to === commit)
    // What was in the target already, as a task without changes, moves nothing.
    const isThere = repository.isAncestor(commit, repository.branch(into) ?? '')
    if (moves.length > 1)
      throw new BrokenPromise(`the merge of ${task} was put on ${into} ${moves.length} times`)
    if (moves.length === 0 && !isThere)
      throw new BrokenPromise(`the merge of ${task} was never put on ${into}`)
  }
}
