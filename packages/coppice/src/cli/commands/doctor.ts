import type { Command } from 'commander'
import { diagnoseWorld } from '../../recovery/diagnose-world.js'
import { EXIT } from '../failure/exit-codes.js'
import { diagnosisText } from '../output/describe-drift.js'
import { remainsLines } from '../output/describe-remains.js'
import { withoutOpening } from '../session/session.js'

export function define(command: Command): void {
  command.action(() =>
    withoutOpening(command, async ({ directory, output, signal }) => {
      const diagnosis = await diagnoseWorld(directory, signal)
      if ('remains' in diagnosis) {
        const { cause, ...found } = diagnosis
        const lines = [cause.message, 'without it, this is what there is:', ...remainsLines(found.remains)]
        output.data(lines.join('\n'), found)
        output.note(
          '`coppice repair` puts right what can be proven; docs/recovery.md says what comes before `--new-log`',
        )
        return EXIT.failed
      }
      output.data(diagnosisText(diagnosis), diagnosis)
      if (diagnosis.healthy) return EXIT.done
      output.note('`coppice repair --dry-run` says what can be put right, and changes nothing')
      return EXIT.failed
    }),
  )
}
