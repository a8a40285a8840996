import type { Checkpoint } from './checkpoint.js'
import type { Landing } from './merge.js'
import type { Agent, Base } from './state.js'

/** The statuses that what git holds of a task can stand for. */
export const RECOVERED_STATUSES = ['creating', 'active', 'parked', 'merged', 'abandoned'] as const

export type RecoveredStatus = (typeof RECOVERED_STATUSES)[number]

/**
 * What was in nobody's memory when a log was lost. `base`: the commit is the newest that the task shares with a branch
 * of somebody else's, and there is no name for it. `agent`: one may be at work that nobody waits for.
 */
export type UnknownOfTask = 'title' | 'base' | 'into' | 'agent'

/** A task of which the log is lost: what git holds of it, and what could be found of what the log said. */
export interface RecoveredTask {
  readonly status: RecoveredStatus
  readonly title: string | null
  readonly base: Base
  readonly into: string | null
  readonly branch: string
  readonly path: string
  /** Of the worktree of an active task; null for every other one. */
  readonly gitDir: string | null
  readonly checkpoint: Checkpoint | null
  readonly landing: Landing | null
  readonly agent: Agent | null
  readonly unknown: readonly UnknownOfTask[]
}
