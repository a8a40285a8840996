import type { RepairAction } from './repair-action.js'

/** How the world can differ from the log. docs/recovery.md has a table of them. */
export type DriftCode =
  | 'agent-vanished'
  | 'bare-flipped'
  | 'branch-foreign'
  | 'branch-left'
  | 'branch-missing'
  | 'branch-moved'
  | 'effect-owed'
  | 'entry-broken'
  | 'entry-left'
  | 'entry-missing'
  | 'entry-poisoned'
  | 'entry-trash'
  | 'half-made'
  | 'head-broken'
  | 'head-elsewhere'
  | 'landing-unfinished'
  | 'landing-unreachable'
  | 'leak-suspected'
  | 'lock-held'
  | 'lock-stale'
  | 'object-damaged'
  | 'operation-under-way'
  | 'pin-lost'
  | 'pin-missing'
  | 'place-occupied'
  | 'pointer-broken'
  | 'repository-moved'
  | 'target-missing'
  | 'trash-left'
  | 'worktree-foreign'
  | 'worktree-locked'
  | 'worktree-missing'
  | 'worktree-moved'

/**
 * `error`: work is in danger, or something does not work until it is put right. `warning`: it is not as the log says.
 * `note`: worth knowing, and nothing is wrong.
 */
export type Severity = 'error' | 'warning' | 'note'

/** One difference between the log and the world. */
export interface Drift {
  readonly code: DriftCode
  /** The task it concerns, or null. */
  readonly task: string | null
  /** The path or the ref it is about. */
  readonly subject: string
  /** What it means, in a sentence. */
  readonly meaning: string
  readonly severity: Severity
  readonly remedy: Remedy
}

/** What repair does about it, step by step, or why it does nothing and what a person can do. */
export type Remedy =
  | { readonly kind: 'repair'; readonly does: string; readonly actions: readonly RepairAction[] }
  | { readonly kind: 'refusal'; readonly why: string }

/** What a look at everything found. */
export interface Diagnosis {
  /** False for an error or a warning. */
  readonly healthy: boolean
  readonly drifts: readonly Drift[]
}

export function diagnosisOf(drifts: readonly Drift[]): Diagnosis {
  return { healthy: drifts.every(({ severity }) => severity === 'note'), drifts }
}

export function repairs(does: string, ...actions: readonly RepairAction[]): Remedy {
  return { kind: 'repair', does, actions }
}

export function refuses(why: string): Remedy {
  return { kind: 'refusal', why }
}
