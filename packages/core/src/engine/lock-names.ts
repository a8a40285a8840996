/** Held while a command of a task is decided and its effects are done. */
export function taskLockOf(id: string): string {
  return `task-${id}`
}

/** Held by who runs an agent, for as long as it waits for the agent's exit. */
export function agentLockOf(id: string): string {
  return `agent-${id}`
}

/** Held while a merge is prepared and lands. */
export const MERGE_TURN_LOCK = 'merge-turn'
