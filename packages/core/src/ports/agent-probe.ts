import type { Agent } from '../task/state.js'

export interface AgentProbe {
  /** Whether that very process still runs; a later process with the same id does not count. */
  isAlive(agent: Agent): Promise<boolean>
}
