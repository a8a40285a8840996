import type { Command } from 'commander'
import { short } from '../output/describe-fact.js'
import { acting } from '../session/session.js'

export function define(command: Command): void {
  command
    .argument('<task>')
    .option('-m, --message <text>', 'what the checkpoint is of')
    .action((id: string, { message }: { readonly message?: string }) =>
      acting(command, async ({ coppice, output, signal }) => {
        const checkpoint = await coppice.task(id).checkpoint(message, { signal })
        output.data('', checkpoint)
        output.note(
          checkpoint === null
            ? `${id}: nothing to pin yet, it is as its base`
            : `${id}: checkpoint ${checkpoint.number} (${short(checkpoint.commit)}) holds everything`,
        )
      }),
    )
}
