import type { Command } from 'commander'
import { ProcessProbe } from '../../system/process-probe.js'
import { taskDetails } from '../output/describe-task.js'
import { reading } from '../session/session.js'

export function define(command: Command): void {
  command.argument('<task>').action((id: string) =>
    reading(command, async ({ coppice, output }) => {
      const { state } = coppice.task(id)
      const agentIsAlive = state.agent !== null && (await new ProcessProbe().isAlive(state.agent))
      output.data(taskDetails(state, agentIsAlive), state)
    }),
  )
}
