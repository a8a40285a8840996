import type { AgentProbe } from '../ports/agent-probe.js'
import type { Clock } from '../ports/clock.js'
import type { EventLog } from '../ports/event-log.js'
import type { Locks } from '../ports/locks.js'
import type { Snapshots } from '../ports/snapshots.js'
import type { Workspace } from '../ports/workspace.js'

/** Everything outside the domain that the engine needs; the composition root supplies it. */
export interface EnginePorts {
  readonly log: EventLog
  readonly workspace: Workspace
  readonly locks: Locks
  readonly agents: AgentProbe
  readonly clock: Clock
  readonly snapshots: Snapshots | null
}
