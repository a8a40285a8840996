import type { TaskState } from '../task/state.js'

/** A ref that the log says a task's content is held by. */
export interface Pin {
  readonly task: string
  readonly ref: string
  readonly commit: string
}

/** What the log says, and what only the engine knows: the one side of the comparison. */
export interface Books {
  readonly tasks: readonly TaskState[]
  /** All pins of all checkpoints in the log. */
  readonly pins: readonly Pin[]
  /** Tasks that a living process is at work on; whatever is odd about them may be about to end. */
  readonly busy: ReadonlySet<string>
  /** Tasks whose agent lives. */
  readonly attended: ReadonlySet<string>
  /** Tasks whose agent has ended, and nobody will record it. */
  readonly deserted: ReadonlySet<string>
}
