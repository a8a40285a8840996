import type { Command } from 'commander'
import { ProcessProbe } from '../../system/process-probe.js'
import { taskDetails } from '../output/describe-task.js'
import { reading } from '../session/reading.js'

export function define(command: Command): void {
  command.argument('<task>').action((id: string) =>
    reading(command, async ({ reader, output }) => {
      const state = await reader.task(id)
      const agentIsAlive = state.agent !== null && (await new ProcessProbe().isAlive(state.agent))
      output.data(taskDetails(state, agentIsAlive), state)
    }),
  )
}
