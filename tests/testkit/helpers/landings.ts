import { taskOf, type RecordedFact } from '@coppice/core'
import type { Operation, RegisterCall } from '@coppice/testkit'

/** A merge that somebody asked for. */
export interface Wanted {
  readonly task: string
  readonly invoked: number
  /** When it was answered that the task is merged; null where it was not. */
  readonly merged: number | null
}

/** The landings that a log tells of, as swaps of their target, each some time between the wish for it and its answer. */
export function landingsIn(
  facts: readonly RecordedFact[],
  wanted: readonly Wanted[],
): readonly Operation<RegisterCall>[] {
  return facts.flatMap((fact, index) => {
    if (fact.type !== 'merge.landed') return []
    const task = taskOf(fact.stream)
    const to = fact.data.commit
    const from = baseOf(facts.slice(0, index), fact.stream, to)
    const wishes = wanted.filter((wish) => wish.task === task)
    const answers = wishes.flatMap(({ merged }) => merged ?? [])
    const invoked = Math.min(...wishes.map((wish) => wish.invoked))
    const answered = answers.length === 0 ? null : Math.min(...answers)
    return [{ call: { do: 'swap', from, to, isDone: true }, invoked, answered }]
  })
}

/** The base on which a commit was computed that has landed. */
function baseOf(before: readonly RecordedFact[], stream: string, commit: string): string {
  const prepared = before.findLast((fact) => fact.type === 'merge.prepared' && fact.stream === stream)
  if (prepared?.type !== 'merge.prepared' || prepared.data.commit !== commit)
    throw new Error(`${stream} landed ${commit}, which is not what was prepared last`)
  return prepared.data.base
}
