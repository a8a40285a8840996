import { SNAPSHOT_SCHEMA } from '@coppice/core'
import { CopiesNotFoundError, lostLogOf, LowdbSnapshots, readGoodFacts } from '@coppice/store'
import { join } from 'node:path'
import { Memory } from './memory.js'

/**
 * Gathers what is left of what a lost log said: its own good records, those of a backup, and the last snapshot, which
 * is a cache of the log and checked by its own checksums.
 *
 * @param from a directory with copies of segments, or null
 * @throws {CopiesNotFoundError} when there are none in it
 */
export async function remember(
  stateDirectory: string,
  from: string | null,
  signal?: AbortSignal,
): Promise<Memory> {
  const memory = new Memory()
  const lost = lostLogOf(stateDirectory)
  await readGoodFacts(join(lost, 'log'), (fact) => memory.addFact(fact), signal)
  if (from !== null) {
    const backup = new Memory()
    const isThere = await readGoodFacts(from, (fact) => backup.addFact(fact), signal)
    if (!isThere) throw new CopiesNotFoundError(from)
    for (const task of backup.tasks.values()) memory.addState(task)
  }
  for (const directory of new Set([stateDirectory, lost])) await addSnapshot(memory, directory)
  return memory
}

async function addSnapshot(memory: Memory, directory: string): Promise<void> {
  const snapshots = new LowdbSnapshots(directory, warn, { readOnly: true })
  try {
    const found = await snapshots.load()
    if (found?.schema !== SNAPSHOT_SCHEMA) return
    for (const { task } of [...snapshots.done(), ...found.live]) memory.addState(task)
  } finally {
    snapshots.close()
  }
}

/** What cannot be read of a cache is not remembered, and that is told as not known. */
function warn(error: Error): void {
  process.emitWarning(error)
}
