import type { Command } from 'commander'
import { acting } from '../session/acting.js'
import { refillLater } from '../session/refill-later.js'

interface Options {
  readonly base?: string
  readonly into?: string
  readonly title?: string
}

export function define(command: Command): void {
  command
    .argument('<task>', 'the id of the new task, such as fix-login')
    .option('--base <ref>', 'the branch, tag or commit to start from; by default what is checked out here')
    .option('--into <branch>', 'the local branch to merge into; by default the base, if it is one')
    .option('--title <text>', 'a line for people')
    .action((id: string, options: Options) =>
      acting(command, async ({ coppice, directory, output, signal }) => {
        const task = await coppice.create({ id, ...options, signal })
        output.data(task.path, task.state)
        refillLater(coppice, directory)
      }),
    )
}
