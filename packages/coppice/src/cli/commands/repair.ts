import { resolve } from 'node:path'
import type { Command } from 'commander'
import { repairLog } from '../../recovery/repair-log.js'
import { EXIT } from '../failure/exit-codes.js'
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
        output.data(repairText(repaired), repaired)
        return repaired.report.healthy ? EXIT.done : EXIT.failed
      }),
    )
}
