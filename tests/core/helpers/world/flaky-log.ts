import type { EventLog, RecordedFact } from '@coppice/core'

/** A log that can be read or not, as the disk permits. */
export function flakyLog(log: EventLog): { log: EventLog; broken: Error | null } {
  const state: { log: EventLog; broken: Error | null } = { log, broken: null }
  async function* read(from?: number): AsyncGenerator<RecordedFact> {
    if (state.broken !== null) throw state.broken
    yield* log.read(from)
  }
  state.log = {
    read,
    append: (stream, facts, expected) => log.append(stream, facts, expected),
    readStream: (stream) => log.readStream(stream),
    subscribe: (from, signal) => log.subscribe(from, signal),
    close: () => log.close(),
  }
  return state
}
