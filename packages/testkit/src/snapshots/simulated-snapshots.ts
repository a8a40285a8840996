import {
  SnapshotLostError,
  type Snapshot,
  type Snapshots,
  type SnapshotUpdate,
  type TaskEntry,
} from '@coppice/core'
import { UNDISTURBED, type Steps } from '../world/steps.js'
import type { SavedSnapshot, SnapshotDisk } from './snapshot-disk.js'

export interface SimulatedSnapshotsOptions {
  /** Shared by all processes. */
  readonly disk: SnapshotDisk
  /** What becomes of this process, step by step; by default nothing. */
  readonly steps?: Steps
}

/** The snapshots as one process sees them. A save passes the step `snapshots: save`; where that fails, nothing is saved. */
export class SimulatedSnapshots implements Snapshots {
  readonly #disk: SnapshotDisk
  readonly #steps: Steps
  /** What this process has loaded or saved last. */
  #known: SavedSnapshot | null = null

  constructor({ disk, steps = UNDISTURBED }: SimulatedSnapshotsOptions) {
    this.#disk = disk
    this.#steps = steps
  }

  async load(): Promise<Snapshot | null> {
    if (this.#disk.isDamaged()) return null
    this.#known = this.#disk.saved
    return this.#disk.snapshot
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
    const isSaved = await this.#steps.step('snapshots: save').then(
      () => true,
      () => false,
    )
    if (!isSaved) return false
    this.#known = { json, done: all }
    this.#disk.save(this.#known)
    return true
  }

  discard(): void {
    this.#known = null
  }

  close(): void {}

  #readable(): ReadonlyMap<string, string> {
    if (this.#known === null) return new Map()
    if (this.#disk.isDamaged(this.#known) && this.#known.done.size > 0)
      throw new SnapshotLostError('the disk is worn out')
    return this.#known.done
  }
}
