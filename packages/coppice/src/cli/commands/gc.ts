import type { Command } from 'commander'
import { taskTable } from '../output/describe-task.js'
import { acting } from '../session/acting.js'

const FAILED = 1

/** What is owed is done whenever a command that acts opens the repository; so there is little left to do here. */
export function define(command: Command): void {
  command
    .argument('[task...]')
    .option('-f, --force', 'the worktrees of these tasks, although they are locked or in use')
    .action((ids: readonly string[], { force = false }: { readonly force?: boolean }) => {
      if (force && ids.length === 0) command.error('error: --force needs the tasks that it is for')
      return acting(command, async ({ coppice, output, signal }) => {
        for (const id of ids) await coppice.task(id).settle({ force, signal })
        const left = coppice
          .tasks({ status: ['parked', 'merged', 'abandoned'] })
          .map(({ state }) => state)
          .filter(({ worktree }) => worktree !== 'absent')
        output.data(left.length === 0 ? '' : taskTable(left), left)
        output.note(left.length === 0 ? 'nothing is left to be taken away' : 'these still have a worktree')
        return left.length === 0 ? 0 : FAILED
      })
    })
}
