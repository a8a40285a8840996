import type { Command } from 'commander'
import { hasColour } from '../output/output.js'
import { looking } from '../session/acting.js'

export function define(command: Command): void {
  command
    .argument('<task>')
    .option('--stat', 'a summary, file by file')
    .action((id: string, { stat = false }: { readonly stat?: boolean }) =>
      looking(command, async ({ coppice, output, signal }) => {
        const color = !output.json && hasColour(process.stdout)
        const diff = await coppice.task(id).diff({ color, stat, signal })
        output.data(diff, { id, diff: diff.toString('utf8') })
      }),
    )
}
