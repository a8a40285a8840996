import type { Engine, EventLog, TaskState } from '@coppice/core'
import type { DiffOptions } from '@coppice/git-adapter'
import type { Behind } from './behind.js'
import type { PoolKeeper } from './pool-keeper.js'
import type { RegularCheckpoints } from './regular-checkpoints.js'

/** What the facade stands on. */
export interface Parts {
  readonly engine: Engine
  readonly log: EventLog
  /** What a task changed, as `git diff` prints it. */
  readonly diff: (task: TaskState, options: DiffOptions) => Promise<Buffer>
  readonly checkpoints: RegularCheckpoints
  /** Null where the workspace is not ours, and has none. */
  readonly pool: PoolKeeper | null
  /** Resolves when what was taken away is deleted. */
  readonly settled: () => Promise<void>
  readonly behind: Behind
  /** The verify command of merges that name none, or null. */
  readonly verify: readonly string[] | null
}
