import { hash } from 'node:crypto'
import { join } from 'node:path'
import type { Snapshot, Snapshots } from '@coppice/core'
import { Low } from 'lowdb'
import { JSONFile } from 'lowdb/node'
import { SnapshotSaveError } from '../errors/snapshot-save-error.js'
import { LockFile } from '../locks/lock-file.js'

interface SnapshotFile {
  readonly checksum: string
  readonly snapshot: Snapshot
}

/**
 * Keeps the snapshot in `<directory>/snapshot.json`. It is only a cache of the log: a file that is missing,
 * damaged or not ours is no snapshot, and one that cannot be saved is told to `onSaveFailure` and stops nobody.
 */
export class LowdbSnapshots implements Snapshots {
  readonly #path: string
  readonly #db: Low<SnapshotFile | null>
  readonly #lock: LockFile

  constructor(
    directory: string,
    private readonly onSaveFailure: (error: SnapshotSaveError) => void,
  ) {
    this.#path = join(directory, 'snapshot.json')
    this.#db = new Low(new JSONFile<SnapshotFile | null>(this.#path), null)
    this.#lock = new LockFile(join(directory, 'snapshot.lock'))
  }

  async load(): Promise<Snapshot | null> {
    this.#db.data = null
    try {
      await this.#db.read()
    } catch {
      // Whatever keeps the cache from being read, the log has everything that it had.
      return null
    }
    const file: unknown = this.#db.data
    return isSnapshotFile(file) && file.checksum === checksumOf(file.snapshot) ? file.snapshot : null
  }

  async save(snapshot: Snapshot): Promise<void> {
    try {
      // lowdb writes a file beside the real one and renames it, and its name is the same in every process.
      if (!this.#lock.tryLock()) return
      this.#db.data = { checksum: checksumOf(snapshot), snapshot }
      await this.#db.write()
    } catch (cause) {
      this.onSaveFailure(new SnapshotSaveError(this.#path, cause))
    } finally {
      this.#db.data = null
      this.#lock.close()
    }
  }
}

/** Guards against damage, and against a file that was written by hand. */
function checksumOf(snapshot: Snapshot): string {
  return hash('sha256', JSON.stringify(snapshot))
}

function isSnapshotFile(value: unknown): value is SnapshotFile {
  if (!isObject(value) || !isObject(value['snapshot'])) return false
  const { schema, sequence, hash: last, tasks } = value['snapshot']
  return (
    Number.isSafeInteger(schema) &&
    Number.isSafeInteger(sequence) &&
    typeof last === 'string' &&
    Array.isArray(tasks)
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
