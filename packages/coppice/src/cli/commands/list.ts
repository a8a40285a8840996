import type { Command } from 'commander'
import { isFinished, TASK_STATUSES } from '@coppice/core'
import { taskTable } from '../output/describe-task.js'
import { reading } from '../session/reading.js'

const LIVE = TASK_STATUSES.filter((status) => !isFinished(status))

export function define(command: Command): void {
  command
    .option('-a, --all', 'merged and abandoned tasks too')
    .action(({ all = false }: { readonly all?: boolean }) =>
      reading(command, async ({ reader, output }) => {
        const shown = reader.tasks(all ? TASK_STATUSES : LIVE)
        output.data(taskTable(shown), shown)
        if (shown.length === 0)
          output.note(reader.position === 0 ? 'no tasks yet' : 'no live tasks; --all shows every task')
      }),
    )
}
