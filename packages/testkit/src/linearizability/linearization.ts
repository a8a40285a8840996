/** Something that was asked of an object that several share. Times are numbers of one clock; only their order counts. */
export interface Operation<Call> {
  /** What was asked, and what was answered. */
  readonly call: Call
  readonly invoked: number
  /** Null where no answer came: it may have been done at any time since, and it may not. */
  readonly answered: number | null
}

/** What an object does that is asked for one thing after the other. */
export interface SequentialModel<State, Call> {
  readonly initial: State
  /** The state after a call that was answered in this way; undefined where it cannot have been. States are told by their JSON. */
  readonly next: (state: State, call: Call) => State | undefined
}

/**
 * An order in which the operations could have been done one after the other, each at one moment between its invocation
 * and its answer; null where there is none, and the history is not linearizable. This is the search of Wing and Gong, which
 * never looks twice at the same operations being done and the same state.
 */
export function linearization<State, Call>(
  operations: readonly Operation<Call>[],
  { initial, next }: SequentialModel<State, Call>,
): readonly Operation<Call>[] | null {
  const deadEnds = new Set<string>()
  const search = (left: readonly Operation<Call>[], state: State): readonly Operation<Call>[] | null => {
    if (left.every(({ answered }) => answered === null)) return []
    const situation = JSON.stringify([left.map((each) => operations.indexOf(each)), state])
    if (deadEnds.has(situation)) return null
    for (const first of eligible(left)) {
      const after = next(state, first.call)
      if (after === undefined) continue
      const rest = search(
        left.filter((each) => each !== first),
        after,
      )
      if (rest !== null) return [first, ...rest]
    }
    deadEnds.add(situation)
    return null
  }
  return search(operations, initial)
}

/** Those before which none of the others has to be done: none was answered before they were invoked. */
function eligible<Call>(left: readonly Operation<Call>[]): readonly Operation<Call>[] {
  const firstAnswer = Math.min(...left.map(({ answered }) => answered ?? Number.POSITIVE_INFINITY))
  return left.filter(({ invoked }) => invoked <= firstAnswer)
}
