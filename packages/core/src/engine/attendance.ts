import type { TaskState } from '../task/state.js'
import { agentLockOf, taskLockOf } from './lock-names.js'
import type { EnginePorts } from './ports.js'

/** An agent that ended while somebody waits for it has not vanished: who waits will record how it ended. */
export async function hasVanished(ports: EnginePorts, { id, agent }: TaskState): Promise<boolean> {
  if (agent === null || (await ports.agents.isAlive(agent))) return false
  return isFree(ports, agentLockOf(id))
}

/** Whether somebody alive gives the task a command or does what it owes. */
export async function isBusy(ports: EnginePorts, id: string): Promise<boolean> {
  return !(await isFree(ports, taskLockOf(id)))
}

async function isFree({ locks }: EnginePorts, name: string): Promise<boolean> {
  const lock = await locks.tryAcquire(name)
  await lock?.release()
  return lock !== null
}
