import { BrokenPromise } from '../invariants/broken-promise.js'
import { linearization, type Operation, type SequentialModel } from './linearization.js'

/**
 * What was answered is what could have been answered had everybody asked one after the other.
 *
 * @throws {BrokenPromise} with the whole history, in the order of its invocations
 */
export function assertLinearizable<State, Call>(
  operations: readonly Operation<Call>[],
  model: SequentialModel<State, Call>,
): void {
  if (linearization(operations, model) !== null) return
  const begins = `  begins as ${JSON.stringify(model.initial)}`
  const lines = operations.toSorted((one, other) => one.invoked - other.invoked).map(inWords)
  throw new BrokenPromise(
    `there is no order in which this could have been done\n${[begins, ...lines].join('\n')}`,
  )
}

function inWords<Call>({ call, invoked, answered }: Operation<Call>): string {
  return `  from ${invoked} to ${answered ?? '?'}: ${JSON.stringify(call)}`
}
