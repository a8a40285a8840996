import type { Engine, EventLog } from '@coppice/core'
import type { GitWorkspace } from '@coppice/git-adapter'
import type { RegularCheckpoints } from './regular-checkpoints.js'

/** What the facade stands on; `openCoppice` puts it together. */
export interface Parts {
  readonly engine: Engine
  readonly log: EventLog
  readonly workspace: GitWorkspace
  readonly checkpoints: RegularCheckpoints
  /** The verify command of merges that name none, or null. */
  readonly verify: readonly string[] | null
}
