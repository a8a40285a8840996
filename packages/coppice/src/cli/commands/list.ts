import type { Command } from 'commander'
import { isFinished } from '@coppice/core'
import { taskTable } from '../output/describe-task.js'
import { reading } from '../session/session.js'

export function define(command: Command): void {
  command
    .option('-a, --all', 'merged and abandoned tasks too')
    .action(({ all = false }: { readonly all?: boolean }) =>
      reading(command, async ({ coppice, output }) => {
        const tasks = coppice.tasks().map(({ state }) => state)
        const shown = tasks.filter(({ status }) => all || !isFinished(status))
        output.data(taskTable(shown), shown)
        if (shown.length === 0)
          output.note(tasks.length === 0 ? 'no tasks yet' : 'no live tasks; --all shows every task')
      }),
    )
}
