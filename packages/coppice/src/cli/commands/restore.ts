import type { Command } from 'commander'
import { acting } from '../session/acting.js'

export function define(command: Command): void {
  command.argument('<task>').action((id: string) =>
    acting(command, async ({ coppice, output, signal }) => {
      const task = coppice.task(id)
      await task.restore({ signal })
      output.data(task.path, task.state)
    }),
  )
}
