import type { Request } from '../commands/command.js'
import type { TaskState } from '../task/state.js'
import type { EnginePorts } from './ports.js'

/** By task id, the reports that bring the log up to what the world has become behind its back. */
export type Discrepancies = ReadonlyMap<string, readonly Request[]>

/** Compares the fold with the world, reading only: agents that vanished, worktrees that are gone. */
export async function discrepancies(ports: EnginePorts, tasks: readonly TaskState[]): Promise<Discrepancies> {
  const expected = tasks.filter(
    ({ status, worktree }) => worktree === 'present' && (status === 'active' || status === 'merging'),
  )
  const lost = new Set(await ports.workspace.survey(expected))
  const found = new Map<string, Request[]>()
  const add = (task: TaskState, report: Request): void => {
    found.set(task.id, [...(found.get(task.id) ?? []), report])
  }
  for (const task of tasks) {
    if (task.agent !== null && !(await ports.agents.isAlive(task.agent))) {
      const data = { pid: task.agent.pid, exitCode: null, signal: null }
      add(task, { type: 'agent.report-exited', data })
    }
    if (lost.has(task.id)) add(task, { type: 'worktree.report-lost', data: {} })
  }
  return found
}
