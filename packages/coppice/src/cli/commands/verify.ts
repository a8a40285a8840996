import type { Command } from 'commander'
import { verifyLog } from '../../recovery/verify-log.js'
import { EXIT } from '../failure/exit-codes.js'
import { logText } from '../output/describe-log.js'
import { ProgressLine } from '../output/progress-line.js'
import { withoutOpening } from '../session/session.js'

export function define(command: Command): void {
  command.action(() =>
    withoutOpening(command, async ({ directory, output, signal }) => {
      const progress = new ProgressLine('reading the log', output.isWatched ? process.stderr : null)
      const report = await progress.during((onProgress) => verifyLog({ repo: directory, signal, onProgress }))
      output.data(logText(report), report)
      if (report.healthy) return EXIT.done
      output.note('`coppice repair --dry-run` says what can be put right, and changes nothing')
      return EXIT.failed
    }),
  )
}
