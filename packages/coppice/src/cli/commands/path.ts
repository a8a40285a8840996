import type { Command } from 'commander'
import { reading } from '../session/session.js'

export function define(command: Command): void {
  command.argument('<task>').action((id: string) =>
    reading(command, async ({ coppice, output }) => {
      const { path } = coppice.task(id)
      output.data(path, { id, path })
    }),
  )
}
