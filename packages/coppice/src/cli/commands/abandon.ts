import type { Command } from 'commander'
import { acting } from '../session/acting.js'

export function define(command: Command): void {
  command
    .argument('<task>')
    .option('--reason <text>', 'why, for the log')
    .action((id: string, { reason }: { readonly reason?: string }) =>
      acting(command, async ({ coppice, output, signal }) => {
        const task = coppice.task(id)
        await task.abandon(reason, { signal })
        output.data('', task.state)
        output.note(`${id} is abandoned; \`coppice restore ${id}\` brings it back as it was`)
      }),
    )
}
