import { resolve } from 'node:path'
import type { Command } from 'commander'
import { isCoppiceError } from '@coppice/core'
import type { RepairReport } from '@coppice/store'
import { repairLog } from '../../recovery/repair-log.js'
import { repairWorld } from '../../recovery/repair-world.js'
import { startNewLog, type NewLogReport } from '../../recovery/start-new-log.js'
import { EXIT } from '../failure/exit-codes.js'
import { isPutRight, worldRepairLines } from '../output/describe-drift.js'
import { newLogLines } from '../output/describe-remains.js'
import { repairText } from '../output/describe-repair.js'
import { ProgressLine } from '../output/progress-line.js'
import { withoutOpening, type Surroundings } from '../session/session.js'

interface Options {
  readonly dryRun?: boolean
  readonly from?: string
  readonly newLog?: boolean
}

export function define(command: Command): void {
  command
    .option('--dry-run', 'say what would be done, and do nothing')
    .option('--from <directory>', 'take what is damaged from copies of the segments here, where they fit')
    .option('--new-log', 'where the log is lost for good, begin a new one with what git still holds')
    .action((options: Options) =>
      withoutOpening(command, async (surroundings) => {
        const { directory, output, signal } = surroundings
        const { dryRun = false } = options
        const { repaired, begun } = await repairOrBegin(surroundings, options)
        // What the log does not tell for certain is not compared with anything.
        const isUsable = begun === null ? repaired?.report.healthy === true : !dryRun || !begun.isNeeded
        const isAsItWillBe = !dryRun || repaired === null || repaired.items.length === 0
        const onProblem = output.warn.bind(output)
        const world =
          isUsable && isAsItWillBe ? await repairWorld({ repo: directory, dryRun, onProblem, signal }) : null
        const text = [
          ...(repaired === null ? [] : [repairText(repaired)]),
          ...(begun === null ? [] : newLogLines(begun)),
          ...(world === null ? [] : worldRepairLines(world)),
        ]
        const nothing = { dryRun, items: [], refused: [], keptAside: [], report: null }
        output.data(text.join('\n'), { ...nothing, ...repaired, newLog: begun, world })
        if (begun === null && repaired?.report.healthy === false) output.note(LAST_RESORT)
        const isReadable = begun !== null || repaired?.report.healthy === true
        return isReadable && (world === null || isPutRight(world)) ? EXIT.done : EXIT.failed
      }),
    )
}

const LAST_RESORT =
  'where nothing else helps, `coppice repair --new-log` begins a new log with what git holds; see docs/recovery.md'

interface Repaired {
  /** Null where there is no log that could be repaired. */
  readonly repaired: RepairReport | null
  /** Null where no new log was asked for, or none is needed. */
  readonly begun: NewLogReport | null
}

/** Repairs the log; where that is refused, and a person says so, begins a new one. */
async function repairOrBegin(
  { directory, output, signal }: Surroundings,
  { dryRun = false, from, newLog = false }: Options,
): Promise<Repaired> {
  const progress = new ProgressLine('reading the log', output.isWatched ? process.stderr : null)
  const copies = from === undefined ? {} : { from: resolve(directory, from) }
  const options = { repo: directory, dryRun, ...copies, signal }
  let repaired: RepairReport | null = null
  try {
    repaired = await progress.during((onProgress) => repairLog({ ...options, onProgress }))
    if (repaired.report.healthy || !newLog) return { repaired, begun: null }
  } catch (error) {
    if (!newLog || !isCoppiceError(error, 'log-lost')) throw error
  }
  return { repaired, begun: await startNewLog(options) }
}
