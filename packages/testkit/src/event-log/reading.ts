import type { RecordedFact } from '@coppice/core'
import { inTime, STALL_LIMIT_MS } from './time-limit.js'

export async function all(facts: AsyncIterable<RecordedFact>): Promise<RecordedFact[]> {
  const list: RecordedFact[] = []
  for await (const fact of unstalled(facts, 'the end')) list.push(fact)
  return list
}

/** The first so many facts; leaves the iteration then. */
export async function take(facts: AsyncIterable<RecordedFact>, count: number): Promise<RecordedFact[]> {
  const list: RecordedFact[] = []
  if (count === 0) return list
  for await (const fact of unstalled(facts, `${count} facts in all`)) if (list.push(fact) === count) break
  return list
}

/** Reading that goes on while the case does something else. Where that fails first, nobody hears of the reading. */
export function meanwhile<T>(reading: Promise<T>): Promise<T> {
  reading.catch(() => undefined)
  return reading
}

/**
 * The same facts, as long as each comes in time.
 *
 * @param until what is read up to, in words
 * @throws {Error} when the next fact, or the end, does not come
 */
export async function* unstalled(
  facts: AsyncIterable<RecordedFact>,
  until: string,
): AsyncGenerator<RecordedFact> {
  const iterator = facts[Symbol.asyncIterator]()
  let isStalled = true
  try {
    for (let read = 0; ; read++) {
      isStalled = true
      const next = await inTime(
        iterator.next(),
        STALL_LIMIT_MS,
        () => `a reader to go on behind ${read} facts, up to ${until}`,
      )
      isStalled = false
      if (next.done === true) return
      yield next.value
    }
  } finally {
    // Who stops reading says so; one that stands still would not hear it.
    if (!isStalled) await iterator.return?.()
  }
}
