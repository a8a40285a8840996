import type { RecordedFact } from '@coppice/core'
import type { Changes } from './changes.js'

export interface Following {
  readonly read: (from: number) => AsyncIterable<RecordedFact>
  readonly changes: Changes
  /** Milliseconds between two looks at what nobody tells of, or null where everything is told. */
  readonly pollMs: number | null
  /** Ends the subscription. */
  readonly ended: AbortSignal
}

/**
 * Every fact from a position on, also those still to come. It goes on reading behind the last fact that it gave, so
 * there are neither gaps nor doubles, whatever wakes it or fails to.
 */
export async function* follow(
  { read, changes, pollMs, ended }: Following,
  from: number,
): AsyncGenerator<RecordedFact, void> {
  let next = from
  while (!ended.aborted) {
    // Taken before the read, so that a change during the read is not slept through.
    const seen = changes.count
    for await (const fact of read(next)) {
      if (ended.aborted) return
      yield fact
      next = fact.sequence + 1
    }
    await changes.after(seen, pollMs, ended)
  }
}
