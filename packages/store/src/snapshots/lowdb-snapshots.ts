import { setImmediate as turn } from 'node:timers/promises'
import {
  isCoppiceError,
  SnapshotLostError,
  type Snapshot,
  type Snapshots,
  type SnapshotUpdate,
  type TaskEntry,
} from '@coppice/core'
import { Archive } from '../archive/archive.js'
import { SnapshotReadError } from '../errors/snapshot-read-error.js'
import { SnapshotSaveError } from '../errors/snapshot-save-error.js'

const NAME = 'snapshot'

/**
 * Keeps the snapshot in `<directory>/snapshot.json` and the tasks that are done in files in `<directory>/snapshot`. All
 * of it is only a cache of the log: what is missing, damaged or not ours is no snapshot.
 */
export class LowdbSnapshots implements Snapshots {
  readonly #archive: Archive<TaskEntry>

  /**
   * @param onFailure told of a snapshot that could not be saved or read, which stops nobody
   * @param options `readOnly` saves nothing
   */
  constructor(
    directory: string,
    private readonly onFailure: (error: SnapshotSaveError | SnapshotReadError) => void,
    private readonly options: { readonly readOnly?: boolean } = {},
  ) {
    this.#archive = new Archive(directory, NAME)
  }

  async load(): Promise<Snapshot | null> {
    try {
      return (await this.#archive.open()) as Snapshot | null
    } catch (cause) {
      this.#archive.discard()
      this.onFailure(new SnapshotReadError(this.#archive.path, cause))
      return null
    }
  }

  find(id: string): TaskEntry | null {
    return unlessLost(() => this.#archive.get(id) ?? null)
  }

  *done(): Generator<TaskEntry, void> {
    const entries = this.#archive.entries()
    for (let next = unlessLost(() => entries.next()); !next.done; next = unlessLost(() => entries.next())) {
      yield next.value[1]
    }
  }

  async save(take: () => SnapshotUpdate): Promise<boolean> {
    if (this.options.readOnly === true) return false
    // Whoever waits for an append is answered first.
    await turn()
    const { snapshot, done } = take()
    try {
      return await this.#archive.save(snapshot, done)
    } catch (cause) {
      if (isCoppiceError(cause, 'archive-damaged')) throw new SnapshotLostError(cause)
      this.onFailure(new SnapshotSaveError(this.#archive.path, cause))
      return false
    }
  }

  discard(): void {
    this.#archive.discard()
  }

  close(): void {
    this.#archive.close()
  }
}

function unlessLost<T>(look: () => T): T {
  try {
    return look()
  } catch (cause) {
    throw isCoppiceError(cause, 'archive-damaged') ? new SnapshotLostError(cause) : cause
  }
}
