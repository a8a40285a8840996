import type { Snapshot } from '@coppice/core'

/** A snapshot as it lies on a disk: JSON, and for each done task JSON of its own. */
export interface SavedSnapshot {
  readonly json: string
  readonly done: ReadonlyMap<string, string>
}

/**
 * The disk that the snapshots of all processes are on. They are a cache: whatever becomes of one, an engine has to know what
 * the log says.
 */
export class SnapshotDisk {
  /** All that was ever saved and not lost, the newest last. */
  #saved: SavedSnapshot[] = []
  readonly #damaged = new Set<SavedSnapshot>()
  /** How often one was saved. */
  saves = 0

  /** What is there, or null. */
  get saved(): SavedSnapshot | null {
    return this.#saved.at(-1) ?? null
  }

  /** The same without its done tasks, as it is read. */
  get snapshot(): Snapshot | null {
    return this.saved === null ? null : (JSON.parse(this.saved.json) as Snapshot)
  }

  save(snapshot: SavedSnapshot): void {
    this.saves += 1
    this.#saved.push(snapshot)
  }

  /** Somebody deletes it, and all before it. */
  lose(): void {
    this.#saved = []
  }

  /** The one before is there again, as from a backup; none, if this was the first. */
  goBack(): void {
    this.#saved.pop()
  }

  /** Its done tasks cannot be read any more, by those who know it already; to others there is none. */
  damage(): void {
    if (this.saved !== null) this.#damaged.add(this.saved)
  }

  /** What could not be read can be read again. */
  mend(): void {
    this.#damaged.clear()
  }

  /** Changes it behind everybody's back. */
  change(change: (snapshot: Snapshot) => object): void {
    const { saved, snapshot } = this
    if (saved === null || snapshot === null) return
    this.#saved[this.#saved.length - 1] = { ...saved, json: JSON.stringify(change(snapshot)) }
  }

  isDamaged(saved = this.saved): boolean {
    return saved !== null && this.#damaged.has(saved)
  }
}
