import type { Fact } from '../facts/fact.js'
import type { RecordedFact } from '../facts/recorded-fact.js'
import type { ExpectedVersion } from './expected-version.js'

/** The append-only log, the only truth. Several processes may append to and follow one log. */
export interface EventLog {
  /**
   * Appends the facts as one, all or none, and resolves only when they are durable.
   *
   * @throws {VersionConflictError} when the stream is not at the expected version; nothing is written then
   */
  append(stream: string, facts: readonly Fact[], expected: ExpectedVersion): Promise<readonly RecordedFact[]>

  /** All durable facts from a position on (1 is the first), in order; ends at what is now the last. */
  read(from?: number): AsyncIterable<RecordedFact>

  /** One stream's durable facts, in order. */
  readStream(stream: string): AsyncIterable<RecordedFact>

  /** Like `read`, but goes on with facts as they become durable, whoever appends, until aborted or closed. */
  subscribe(from?: number, signal?: AbortSignal): AsyncIterable<RecordedFact>

  /** Waits for appends that are under way, then ends every subscription. Later appends are refused. */
  close(): Promise<void>
}
