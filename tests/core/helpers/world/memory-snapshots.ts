import type { Snapshot, Snapshots } from '@coppice/core'

/** One snapshot in memory, kept as JSON as it would be on disk. */
export class MemorySnapshots implements Snapshots {
  json: string | null = null

  async load(): Promise<Snapshot | null> {
    return this.json === null ? null : (JSON.parse(this.json) as Snapshot)
  }

  async save(snapshot: Snapshot): Promise<void> {
    this.json = JSON.stringify(snapshot)
  }
}
