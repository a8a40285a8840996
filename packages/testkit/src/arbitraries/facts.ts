import { FACT_TYPES, type Fact, type FactData, type FactType } from '@coppice/core'
import fc from 'fast-check'
import * as data from './data.js'
import { arbitraryInstant } from './values.js'

const dataOf: { readonly [T in FactType]: fc.Arbitrary<FactData[T]> } = {
  'task.requested': data.requested,
  'task.recovered': data.recovered,
  'task.parked': data.reason,
  'task.resumed': data.nothing,
  'task.abandoned': data.reason,
  'task.restored': data.nothing,
  'worktree.created': data.created,
  'worktree.creation-failed': fc.record({
    attempt: fc.integer({ min: 1, max: 5 }),
    final: fc.boolean(),
    failure: data.failure,
  }),
  'worktree.removed': data.nothing,
  'worktree.lost': data.nothing,
  'worktree.rebuilt': data.rebuilt,
  'checkpoint.taken': data.checkpointTaken,
  'merge.requested': data.mergeRequested,
  'merge.prepared': data.prepared,
  'merge.verified': data.commit,
  'merge.base-moved': data.baseMoved,
  'merge.conflicted': data.conflicted,
  'merge.rejected': data.rejected,
  'merge.landed': data.landed,
  'agent.started': data.agent,
  'agent.exited': data.exited,
}

/** A fact of one of these types, of any type by default, that need not be possible anywhere. */
export function arbitraryFact(types: readonly FactType[] = FACT_TYPES): fc.Arbitrary<Fact> {
  return fc
    .constantFrom(...types)
    .chain((type) => fc.record({ type: fc.constant(type), at: arbitraryInstant, data: dataOf[type] }))
    .map((fact) => structuredClone(fact) as Fact)
}
