import type { Command } from 'commander'
import { taskTable } from '../output/describe-task.js'
import { wholeNumber } from '../arguments/whole-number.js'
import { reading } from '../session/reading.js'

export function define(command: Command): void {
  command
    .option(
      '--at <position>',
      'the state when the log had so many facts; by default all of them',
      wholeNumber,
    )
    .action(({ at }: { readonly at?: number }) =>
      reading(command, async ({ reader, output }) => {
        const states = [...(await reader.stateAt(at ?? reader.position)).values()]
        output.data(taskTable(states), states)
        if (states.length === 0) output.note('no tasks yet at this position')
      }),
    )
}
