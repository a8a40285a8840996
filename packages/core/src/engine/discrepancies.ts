import type { Request } from '../commands/command.js'
import type { TaskState } from '../task/state.js'
import { agentLockOf } from './lock-names.js'
import type { EnginePorts } from './ports.js'

/**
 * The reports that bring the log up to what the world has become behind its back: an agent that vanished, a worktree
 * that is gone. Reads only.
 */
export async function discrepancies(ports: EnginePorts, task: TaskState): Promise<readonly Request[]> {
  const found: Request[] = []
  if (task.agent !== null && (await hasVanished(ports, task))) {
    const data = { pid: task.agent.pid, exitCode: null, signal: null }
    found.push({ type: 'agent.report-exited', data })
  }
  const isLiving = task.status === 'active' || task.status === 'merging'
  if (isLiving && task.worktree === 'present' && (await ports.workspace.survey([task])).length > 0) {
    found.push({ type: 'worktree.report-lost', data: {} })
  }
  return found
}

/** An agent that ended while somebody waits for it has not vanished: who waits will record how it ended. */
async function hasVanished({ agents, locks }: EnginePorts, { id, agent }: TaskState): Promise<boolean> {
  if (agent === null || (await agents.isAlive(agent))) return false
  const lock = await locks.tryAcquire(agentLockOf(id))
  await lock?.release()
  return lock !== null
}
