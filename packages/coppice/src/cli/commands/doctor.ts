import type { Command } from 'commander'
import { EXIT } from '../failure/exit-codes.js'
import { diagnosisText } from '../output/describe-drift.js'
import { reading } from '../session/session.js'

export function define(command: Command): void {
  command.action(() =>
    reading(command, async ({ coppice, output }) => {
      const diagnosis = await coppice.doctor()
      output.data(diagnosisText(diagnosis), diagnosis)
      if (diagnosis.healthy) return EXIT.done
      output.note('`coppice repair --dry-run` says what can be put right, and changes nothing')
      return EXIT.failed
    }),
  )
}
