import type { Command } from 'commander'
import { reading } from '../session/reading.js'

export function define(command: Command): void {
  command.argument('<task>').action((id: string) =>
    reading(command, async ({ reader, output }) => {
      const { path } = await reader.task(id)
      output.data(path, { id, path })
    }),
  )
}
