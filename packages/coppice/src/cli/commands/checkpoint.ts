import type { Checkpoint } from '@coppice/core'
import type { Command } from 'commander'
import { fileList, short } from '../output/describe-fact.js'
import { acting } from '../session/acting.js'

export function define(command: Command): void {
  command
    .argument('<task>')
    .option('-m, --message <text>', 'what the checkpoint is of')
    .action((id: string, { message }: { readonly message?: string }) =>
      acting(command, async ({ coppice, output, signal }) => {
        const checkpoint = await coppice.task(id).checkpoint(message, { signal })
        output.data('', checkpoint)
        if (checkpoint === null) output.note(`${id}: nothing to pin yet, it is as its base`)
        else
          output.note(
            `${id}: checkpoint ${checkpoint.number} (${short(checkpoint.commit)}) ${held(checkpoint)}`,
          )
      }),
    )
}

/** What is not held is said where everything else is: it is the only copy. */
function held({ uncaptured }: Checkpoint): string {
  if (uncaptured.length === 0) return 'holds everything'
  return `holds all but ${fileList(uncaptured, uncaptured.length)}, which no checkpoint can hold`
}
