import type { EventLog, Snapshots } from '@coppice/core'
import { LowdbSnapshots, openFileLog } from '@coppice/store'

/** What is kept of a repository's tasks. */
interface Stored {
  readonly log: EventLog
  readonly snapshots: Snapshots
}

/** Opens the log in a state directory, with the snapshots of it; with `readOnly` none is saved. */
export async function openStored(directory: string, readOnly: boolean): Promise<Stored> {
  const snapshots = new LowdbSnapshots(directory, warn, { readOnly })
  return { log: await openFileLog(directory, { onCacheFailure: warn }), snapshots }
}

/** A cache that was not saved costs time at the next opening and nothing else, so it ends no operation. */
function warn(error: Error): void {
  process.emitWarning(error)
}
