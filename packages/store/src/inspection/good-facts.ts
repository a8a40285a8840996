import { join } from 'node:path'
import type { RecordedFact } from '@coppice/core'
import { systemDisk } from '../disk/system-disk.js'
import { LogReadError } from '../errors/log-errors.js'
import { Segments } from '../file-log/segments.js'
import { LogScan } from './log-scan.js'

/**
 * Gives the facts of a log whose hashes are right, in their order, before, between and behind everything that is
 * damaged in it. Where the directory has no segments, those in its `log` are read.
 *
 * @returns whether there are any segments
 * @throws {LogReadError} when a directory or a segment cannot be read now, which tells nothing of what is in it
 */
export async function readGoodFacts(
  directory: string,
  onFact: (fact: RecordedFact) => void,
  signal?: AbortSignal,
): Promise<boolean> {
  const places = [directory, join(directory, 'log')].map((path) => new Segments(path, systemDisk))
  const segments = places.find((place) => place.numbers().length > 0)
  if (segments === undefined) return false
  const onProgress = (): void => signal?.throwIfAborted()
  const scan = new LogScan(segments, { wanted: new Set(), onProgress, onFact })
  await scan.run()
  for (const finding of scan.findings) {
    if (finding.kind === 'unreadable') throw new LogReadError(finding.path, finding.reason)
  }
  return true
}
