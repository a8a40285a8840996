import type { RecordedFact } from '@coppice/core'
import type { Steps } from '../world/steps.js'
import type { LogDisk } from './log-disk.js'

type Result = IteratorResult<RecordedFact, void>

/** Every durable fact from a position on, and those to come, until a signal, or until the reader stops. */
export class Following implements AsyncIterableIterator<RecordedFact, void> {
  readonly #stopped = new AbortController()
  readonly #facts: AsyncGenerator<RecordedFact, void>

  constructor(disk: LogDisk, steps: Steps, from: number, signals: readonly AbortSignal[]) {
    this.#facts = follow(disk, steps, from, AbortSignal.any([...signals, this.#stopped.signal]))
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<Result> {
    return this.#facts.next()
  }

  /** Also ends a wait for the next fact, which a generator alone would go on with. */
  return(): Promise<Result> {
    this.#stopped.abort()
    return this.#facts.return()
  }
}

async function* follow(
  disk: LogDisk,
  steps: Steps,
  from: number,
  ended: AbortSignal,
): AsyncGenerator<RecordedFact, void> {
  let next = Math.max(from, 1)
  while (!ended.aborted) {
    for (const fact of disk.read(next)) {
      yield fact
      next = fact.sequence + 1
      if (ended.aborted) return
    }
    await disk.moreThan(next - 1, ended)
    if (!ended.aborted) await steps.step('log: follow')
  }
}
