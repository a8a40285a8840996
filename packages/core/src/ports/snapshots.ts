import type { TaskState } from '../task/state.js'

/** A task, and the sequence of its first fact: tasks are listed in the order of their requests. */
export interface TaskEntry {
  readonly first: number
  readonly task: TaskState
}

/** The fold up to a position. A cache: it is checked against the log, and left aside if anything is odd. */
export interface Snapshot {
  /** Rises when the shape of the state changes; another number is no snapshot of ours. */
  readonly schema: number
  readonly sequence: number
  /** The hash of the record at `sequence`; it ties the snapshot to this very log. */
  readonly hash: string
  /** The tasks that are not done. Those that are done are looked up one by one. */
  readonly live: readonly TaskEntry[]
}

/** What a save writes: a snapshot, and by id the tasks that were done or done anew since the one before. */
export interface SnapshotUpdate {
  readonly snapshot: Snapshot
  readonly done: ReadonlyMap<string, TaskEntry>
}

/** Keeps the last snapshot, and with it all done tasks where they take no memory. */
export interface Snapshots {
  /** Takes up the last one that was saved; null if there is none that is whole. */
  load(): Promise<Snapshot | null>

  /**
   * A done task of the snapshot that was loaded or saved last, or null.
   *
   * @throws {SnapshotLostError} when it cannot be read any more
   */
  find(id: string): TaskEntry | null

  /**
   * All done tasks of that snapshot, in no order, and with them what is live again since.
   *
   * @throws {SnapshotLostError} when they cannot be read any more
   */
  done(): Iterable<TaskEntry>

  /**
   * Saves what `take` gives. It is called once, when the process has answered whoever was waiting, or not at all.
   * Resolves to false if nothing was saved, which is tried again later.
   *
   * @throws {SnapshotLostError} when what the update changes cannot be read any more
   */
  save(take: () => SnapshotUpdate): Promise<boolean>

  /** Forgets what was loaded or saved: no task is found any more, and the next save gives all that is done. */
  discard(): void

  /** Lets go of what `find` needs; it may still answer, and it may not. */
  close(): void
}
