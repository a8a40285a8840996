/** How work may be cut short, and by whom, and what it may disregard. */
export interface Cancellation {
  readonly signal: AbortSignal | undefined
  /** Whether who may abort it asked for it; who merely opened a repository cancels nobody's merge. */
  readonly isRequested: boolean
  /** Whether a worktree may be taken away that is locked, or in which a process is at work. */
  readonly force?: boolean | undefined
}
