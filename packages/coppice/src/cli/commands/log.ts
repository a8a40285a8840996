import type { Command } from 'commander'
import { factLine } from '../output/describe-fact.js'
import { wholeNumber } from '../arguments/whole-number.js'
import { reading } from '../session/reading.js'

interface Options {
  readonly follow?: boolean
  readonly from?: number
}

export function define(command: Command): void {
  command
    .argument('[task]', 'only the facts of this task')
    .option('-f, --follow', 'go on with facts as they are appended, until interrupted')
    .option('--from <position>', 'begin at this position; 1 is the first', wholeNumber)
    .action((id: string | undefined, { follow = false, from = 1 }: Options) =>
      reading(command, async ({ reader, output, signal }) => {
        const only = id === undefined ? {} : { task: (await reader.task(id)).id }
        try {
          for await (const fact of reader.events({ ...only, from, follow, signal })) {
            output.data(factLine(fact), fact)
          }
        } catch (error) {
          // An interrupt is how following is meant to end.
          if (!follow || !signal.aborted) throw error
        }
      }),
    )
}
