import type { TaskState } from '../task/state.js'

/** The fold up to a position. A cache: it is checked against the log, and left aside if anything is odd. */
export interface Snapshot {
  /** Rises when the shape of the state changes; another number is no snapshot of ours. */
  readonly schema: number
  readonly sequence: number
  /** The hash of the record at `sequence`; it ties the snapshot to this very log. */
  readonly hash: string
  readonly tasks: readonly TaskState[]
}

export interface Snapshots {
  /** The last one saved, or null if there is none that can be read. */
  load(): Promise<Snapshot | null>
  save(snapshot: Snapshot): Promise<void>
}
