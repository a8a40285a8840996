import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Disk } from '../disk/disk.js'
import { systemDisk } from '../disk/system-disk.js'
import { Segments } from '../file-log/segments.js'
import { checkCache, readCaches, type CacheEnd } from './cache-check.js'
import { leftoversOf, sizeOf } from './leftovers.js'
import type { LogReport } from './log-report.js'
import { LogScan } from './log-scan.js'

/** Milliseconds after which damage in the last segment is looked at again: a writer may be just at it. */
const SECOND_LOOK_MS = 25

/** How often it is looked at while it is another one each time. */
const MAX_LOOKS = 10

export interface InspectOptions {
  readonly signal?: AbortSignal
  /** Called now and then while the log is read. */
  readonly onProgress?: (progress: Progress) => void
  /** What stands in for the file system of this machine, in simulations. */
  readonly disk?: Disk
}

/** Bytes of the log. */
export interface Progress {
  readonly read: number
  readonly total: number
}

/**
 * Checks the log in `<stateDirectory>/log` from its first byte to its last. Takes no lock, writes nothing, and holds a
 * small part of the log in memory; what a writer is just writing is no damage.
 *
 * @throws {LogReadError} when the directory cannot be read
 */
export async function inspectLog(stateDirectory: string, options: InspectOptions = {}): Promise<LogReport> {
  const segments = new Segments(join(stateDirectory, 'log'), options.disk ?? systemDisk)
  const caches = await cachesOf(stateDirectory, options)
  let report = await inspectSegments(segments, caches, options)
  for (let looks = 1; looks < MAX_LOOKS && mayBeInTheMaking(report); looks++) {
    await sleep(SECOND_LOOK_MS)
    options.signal?.throwIfAborted()
    const before = report
    report = await inspectSegments(segments, caches, options)
    if (isDeepStrictEqual(before.findings, report.findings)) break
  }
  return report
}

/** What the caches beside a log say; on a simulated disk there are none. */
export async function cachesOf(stateDirectory: string, { disk }: InspectOptions): Promise<CacheEnd[]> {
  return disk === undefined ? readCaches(stateDirectory) : []
}

/** Checks the log as it is at this moment, which is right where the append lock is held. */
export async function inspectSegments(
  segments: Segments,
  caches: readonly CacheEnd[],
  { signal, onProgress }: InspectOptions,
): Promise<LogReport> {
  const sizes = segments.numbers().map((segment) => sizeOf(segments.disk, segments.path(segment)) ?? 0)
  const total = sizes.reduce((sum, size) => sum + size, 0)
  const wanted = new Set(caches.flatMap(({ meta }) => meta?.hash ?? []))
  const scan = new LogScan(segments, {
    wanted,
    onProgress: (read) => {
      signal?.throwIfAborted()
      onProgress?.({ read, total })
    },
  })
  await scan.run()
  const { findings, records, end, tail, firstAt, lastAt, bytes } = scan
  const last = scan.isReadable ? end.sequence : null
  return {
    healthy: findings.length === 0,
    directory: segments.directory,
    segments: scan.segments,
    bytes,
    records: records.before + records.behind,
    streams: scan.facts.streams,
    firstAt,
    lastAt,
    end,
    tail,
    findings,
    readable: records,
    leftovers: [...scan.voids, ...leftoversOf(segments)],
    caches: caches.map((cache) => checkCache(cache, scan.seen, last)),
  }
}

/** Only the last segment changes; what is found in another one stays. */
function mayBeInTheMaking({ findings, segments }: LogReport): boolean {
  return findings.some(({ segment }) => segment >= segments)
}
