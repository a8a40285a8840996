import type { RecordedFact } from '@coppice/core'

type Result = IteratorResult<RecordedFact, void>

/**
 * Facts that are followed until somebody stops. It ends where its reader stops while it waits for a fact; a generator alone
 * would be stopped by the next fact only.
 */
export class Subscription implements AsyncIterableIterator<RecordedFact, void> {
  readonly #stopped = new AbortController()
  readonly #facts: AsyncGenerator<RecordedFact, void>

  /**
   * @param follow makes the facts, until the signal that it is given
   * @param signals end them too
   */
  constructor(
    follow: (ended: AbortSignal) => AsyncGenerator<RecordedFact, void>,
    signals: readonly (AbortSignal | undefined)[],
  ) {
    const given = signals.filter((signal) => signal !== undefined)
    this.#facts = follow(AbortSignal.any([...given, this.#stopped.signal]))
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<Result> {
    return this.#facts.next()
  }

  return(): Promise<Result> {
    this.#stopped.abort()
    return this.#facts.return()
  }
}
