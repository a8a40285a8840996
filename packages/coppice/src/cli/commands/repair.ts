import { resolve } from 'node:path'
import type { Command } from 'commander'
import { repairLog } from '../../recovery/repair-log.js'
import { repairWorld } from '../../recovery/repair-world.js'
import { EXIT } from '../failure/exit-codes.js'
import { isPutRight, worldRepairLines } from '../output/describe-drift.js'
import { repairText } from '../output/describe-repair.js'
import { ProgressLine } from '../output/progress-line.js'
import { withoutOpening } from '../session/session.js'

interface Options {
  readonly dryRun?: boolean
  readonly from?: string
}

export function define(command: Command): void {
  command
    .option('--dry-run', 'say what would be done, and do nothing')
    .option('--from <directory>', 'take what is damaged from copies of the segments here, where they fit')
    .action(({ dryRun = false, from }: Options) =>
      withoutOpening(command, async ({ directory, output, signal }) => {
        const progress = new ProgressLine('reading the log', output.isWatched ? process.stderr : null)
        const copies = from === undefined ? {} : { from: resolve(directory, from) }
        const options = { repo: directory, dryRun, ...copies, signal }
        const repaired = await progress.during((onProgress) => repairLog({ ...options, onProgress }))
        // What the log does not tell for certain is not compared with anything.
        const isWhole = repaired.report.healthy && (!dryRun || repaired.items.length === 0)
        const onProblem = output.warn.bind(output)
        const world = isWhole ? await repairWorld({ repo: directory, dryRun, onProblem, signal }) : null
        const text = [repairText(repaired), ...(world === null ? [] : worldRepairLines(world))].join('\n')
        output.data(text, { ...repaired, world })
        return repaired.report.healthy && (world === null || isPutRight(world)) ? EXIT.done : EXIT.failed
      }),
    )
}
