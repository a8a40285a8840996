import {
  SnapshotLostError,
  type Snapshot,
  type Snapshots,
  type SnapshotUpdate,
  type TaskEntry,
} from '@coppice/core'

/** A snapshot as it lies on a disk: JSON, and for each done task JSON of its own. */
interface Saved {
  readonly json: string
  readonly done: ReadonlyMap<string, string>
}

/** The disk that the snapshots of several processes are on, in memory. */
export class SnapshotDisk {
  saved: Saved | null = null
  saves = 0
  /** Whether done tasks have become unreadable for who has the snapshot loaded. */
  isDamaged = false
  /** What a save waits for. */
  whenSaving: () => Promise<void> = () => Promise.resolve()

  /** The snapshot, without the done tasks. */
  get snapshot(): Snapshot {
    if (this.saved === null) throw new Error('no snapshot was saved')
    return JSON.parse(this.saved.json) as Snapshot
  }

  /** Changes the snapshot behind everybody's back. */
  change(change: (snapshot: Snapshot) => object): void {
    if (this.saved !== null) this.saved = { ...this.saved, json: JSON.stringify(change(this.snapshot)) }
  }
}

/** What one process sees of it. */
export class MemorySnapshots implements Snapshots {
  #done: ReadonlyMap<string, string> = new Map()

  constructor(private readonly disk: SnapshotDisk) {}

  async load(): Promise<Snapshot | null> {
    if (this.disk.saved === null) return null
    this.#done = this.disk.saved.done
    return this.disk.snapshot
  }

  find(id: string): TaskEntry | null {
    const json = this.#readable().get(id)
    return json === undefined ? null : (JSON.parse(json) as TaskEntry)
  }

  done(): TaskEntry[] {
    return [...this.#readable().values()].map((json) => JSON.parse(json) as TaskEntry)
  }

  async save(take: () => SnapshotUpdate): Promise<boolean> {
    const { snapshot, done } = take()
    const json = JSON.stringify(snapshot)
    const all = new Map(this.#readable())
    for (const [id, entry] of done) all.set(id, JSON.stringify(entry))
    await this.disk.whenSaving()
    this.disk.saves += 1
    this.disk.saved = { json, done: all }
    this.#done = all
    return true
  }

  discard(): void {
    this.#done = new Map()
    this.disk.isDamaged = false
  }

  close(): void {}

  #readable(): ReadonlyMap<string, string> {
    if (this.disk.isDamaged && this.#done.size > 0) throw new SnapshotLostError('the disk is worn out')
    return this.#done
  }
}
