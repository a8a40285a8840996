import { isCoppiceError } from '@coppice/core'
import { inspectLog, LogReadError, repairLog, type LogReport } from '@coppice/store'
import { LogNotLostError } from '../errors.js'
import { requireLog } from './require-log.js'
import type { State } from './state-directory.js'

/**
 * Whether a repository's log is gone, or damaged so that no repair helps.
 *
 * @throws {LogNotLostError} when it is damaged, and there is another way than to give it up
 * @throws {LogReadError} when the system cannot give a part of it out now
 */
export async function isLost(state: State, signal?: AbortSignal): Promise<boolean> {
  const options = signal === undefined ? {} : { signal }
  const report = await inspectLog(state.directory, options)
  if (report.healthy) return report.records === 0 && (await isGone(state))
  for (const finding of report.findings) {
    // It may be read again tomorrow, and nothing is wrong with it then.
    if (finding.kind === 'unreadable') throw new LogReadError(finding.path, finding.reason)
  }
  if (isNewer(report)) throw new LogNotLostError(report.directory, 'newer')
  const { refused } = await repairLog(state.directory, { ...options, dryRun: true })
  if (refused.length === 0) throw new LogNotLostError(report.directory, 'repairable')
  return true
}

async function isGone(state: State): Promise<boolean> {
  try {
    await requireLog(state, async () => (await inspectLog(state.directory)).records === 0)
    return false
  } catch (error) {
    if (isCoppiceError(error, 'log-lost')) return true
    throw error
  }
}

function isNewer({ findings }: LogReport): boolean {
  return findings.some(({ kind }) => kind === 'newer-version' || kind === 'unknown-fact')
}
