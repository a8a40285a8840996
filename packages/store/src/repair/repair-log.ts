import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DiskLock } from '../disk/disk.js'
import { systemDisk } from '../disk/system-disk.js'
import { LogInUseError } from '../errors/repair-errors.js'
import { Segments } from '../file-log/segments.js'
import { cachesOf, inspectLog, inspectSegments, type InspectOptions } from '../inspection/inspect-log.js'
import type { LogReport } from '../inspection/log-report.js'
import { applyRepair } from './apply-repair.js'
import { Copies } from './copies.js'
import { planRepair } from './plan-repair.js'
import type { RepairPlan, RepairReport } from './repair-plan.js'

/** Milliseconds for which the append lock is waited for. An append holds it for much less. */
const LOCK_PATIENCE_MS = 10_000

const LOCK_POLL_MS = 10

export interface RepairOptions extends InspectOptions {
  /** Says what would be done, and takes no lock and does nothing. */
  readonly dryRun?: boolean
  /** A directory with copies of segments, from a backup. */
  readonly from?: string
  /** Milliseconds to wait for the append lock. */
  readonly lockPatienceMs?: number
}

/**
 * Puts right what can be proven to be right in the log in `<stateDirectory>/log`, under its append lock, and verifies it
 * again. Whatever bytes it replaces or cuts off, it keeps beside the segments. What it cannot prove it leaves as it is.
 *
 * @throws {LogInUseError} when somebody else keeps the append lock
 * @throws {CopiesNotFoundError} when there are no segments in `from`
 * @throws {RepairFailedError} when something could not be written
 * @throws {LogReadError} {LockError}
 */
export async function repairLog(stateDirectory: string, options: RepairOptions = {}): Promise<RepairReport> {
  const { dryRun = false, from, disk = systemDisk } = options
  const copies = from === undefined ? null : new Copies(from)
  const segments = new Segments(join(stateDirectory, 'log'), disk)
  if (dryRun || segments.names().length === 0) {
    const found = await inspectLog(stateDirectory, options)
    const plan = await planRepair(found, segments, await cachesOf(stateDirectory, options), copies, options)
    return reportOf(plan, dryRun, [], plan.report)
  }
  const lock = disk.lockAt(join(stateDirectory, 'lock'))
  try {
    await takeAppendLock(lock, join(stateDirectory, 'lock'), options)
    const caches = await cachesOf(stateDirectory, options)
    const found = await inspectSegments(segments, caches, options)
    const plan = await planRepair(found, segments, caches, copies, options)
    const keptAside = await applyRepair(segments, plan)
    const after = await inspectSegments(segments, await cachesOf(stateDirectory, options), options)
    return reportOf(plan, dryRun, keptAside, after)
  } finally {
    lock.close()
  }
}

function reportOf(
  { items, refused }: RepairPlan,
  dryRun: boolean,
  keptAside: readonly string[],
  report: LogReport,
): RepairReport {
  return { dryRun, items, refused, keptAside, report }
}

/** @throws {LogInUseError} when somebody else keeps it for too long */
export async function takeAppendLock(
  lock: DiskLock,
  path: string,
  { signal, lockPatienceMs }: Pick<RepairOptions, 'signal' | 'lockPatienceMs'>,
): Promise<void> {
  const patience = lockPatienceMs ?? LOCK_PATIENCE_MS
  const deadline = Date.now() + patience
  while (!lock.tryLock()) {
    signal?.throwIfAborted()
    if (Date.now() >= deadline) throw new LogInUseError(path, patience)
    await sleep(LOCK_POLL_MS)
  }
}
