import { isCoppiceError } from '../errors/coppice-error.js'
import type { EventLog } from '../ports/event-log.js'
import type { Snapshot, Snapshots } from '../ports/snapshots.js'
import type { TaskTable } from './task-table.js'

/** Rises whenever the shape of TaskState or of a snapshot changes, so that an older one is left aside. */
export const SNAPSHOT_SCHEMA = 2

/** Facts that must have come since the last snapshot for a new one to be worth its cost, when the log is closed. */
const CLOSING_INTERVAL = 256

/** Facts after which a process that goes on saves one; it bounds what finished tasks take of its memory. */
const RUNNING_INTERVAL = 4_096

/** How far the fold has come. */
export interface Progress {
  readonly tasks: TaskTable
  readonly position: number
  readonly hash: string
}

/** Decides when a snapshot is saved, and whether a saved one is good. */
export class SnapshotKeeper {
  #savedAt = 0
  #triedAt = 0
  #saving: Promise<void> | null = null

  constructor(
    private readonly snapshots: Snapshots,
    private readonly progress: () => Progress,
  ) {}

  /** The last snapshot if it belongs to this log. */
  async load(log: EventLog): Promise<Snapshot | null> {
    const snapshot = await this.snapshots.load()
    if (snapshot?.schema === SNAPSHOT_SCHEMA && (await isOf(log, snapshot))) {
      this.#savedAt = this.#triedAt = snapshot.sequence
      return snapshot
    }
    this.snapshots.discard()
    return null
  }

  /** Saves in the background if much has happened since; one save at a time, and nobody waits for it. */
  whileRunning(onLost: () => void): void {
    if (this.#saving !== null || this.progress().position - this.#triedAt < RUNNING_INTERVAL) return
    this.#triedAt = this.progress().position
    this.#saving = this.#save()
      .catch((error: unknown) => {
        if (!isCoppiceError(error, 'snapshot-lost')) throw error
        onLost()
      })
      .finally(() => (this.#saving = null))
  }

  /** @throws {SnapshotLostError} */
  async whenClosing(): Promise<void> {
    await this.settled()
    if (this.progress().position - this.#savedAt >= CLOSING_INTERVAL) await this.#save()
  }

  /** Waits for a save that is under way. */
  async settled(): Promise<void> {
    await this.#saving
  }

  /** Everything has been read from the log instead, and is to be saved again. */
  discard(): void {
    this.snapshots.discard()
    this.#savedAt = this.#triedAt = 0
  }

  close(): void {
    this.snapshots.close()
  }

  async #save(): Promise<void> {
    let whenSaved = (): void => undefined
    const isSaved = await this.snapshots.save(() => {
      const { tasks, position, hash } = this.progress()
      const taken = tasks.take()
      whenSaved = () => {
        tasks.saved(taken)
        this.#savedAt = position
      }
      const snapshot = { schema: SNAPSHOT_SCHEMA, sequence: position, hash, live: taken.live }
      return { snapshot, done: taken.done }
    })
    if (isSaved) whenSaved()
  }
}

async function isOf(log: EventLog, { sequence, hash }: Snapshot): Promise<boolean> {
  for await (const fact of log.read(sequence)) return fact.sequence === sequence && fact.hash === hash
  return false
}
