import type { Request } from '../commands/command.js'
import { isLost } from '../doctor/lost.js'
import type { TaskState } from '../task/state.js'
import { hasVanished } from './attendance.js'
import type { EnginePorts } from './ports.js'

/**
 * The reports that bring the log up to what the world has become behind its back: an agent that vanished, a worktree
 * that is gone. Reads only; of all that a doctor looks at this is what costs a file and no git process.
 */
export async function discrepancies(ports: EnginePorts, task: TaskState): Promise<readonly Request[]> {
  const found: Request[] = []
  if (task.agent !== null && (await hasVanished(ports, task))) {
    const data = { pid: task.agent.pid, exitCode: null, signal: null }
    found.push({ type: 'agent.report-exited', data })
  }
  // Nothing is lost of a worktree that nobody has.
  if (isLost(task, 'nothing') && isLost(task, await ports.workspace.look(task))) {
    found.push({ type: 'worktree.report-lost', data: {} })
  }
  return found
}
