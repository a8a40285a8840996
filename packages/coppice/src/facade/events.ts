import { parseTaskId, streamOf, type EventLog, type RecordedFact } from '@coppice/core'

export interface EventsOptions {
  /** Only this task's facts. */
  readonly task?: string
  /** The position to begin with; 1, the default, is the log's first. */
  readonly from?: number
  /** Goes on with facts as they become durable, whoever appends them, until aborted or closed. */
  readonly follow?: boolean
  readonly signal?: AbortSignal
}

/** The facts of a log, in order. */
export async function* eventsOf(
  log: EventLog,
  { task, from = 1, follow = false, signal }: EventsOptions,
): AsyncGenerator<RecordedFact> {
  const stream = task === undefined ? null : streamOf(parseTaskId(task))
  for await (const fact of follow ? log.subscribe(from, signal) : log.read(from)) {
    signal?.throwIfAborted()
    if (stream === null || fact.stream === stream) yield fact
  }
}
