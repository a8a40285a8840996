/** How work may be cut short, and by whom. */
export interface Cancellation {
  readonly signal: AbortSignal | undefined
  /** Whether who may abort it asked for it; who merely opened a repository cancels nobody's merge. */
  readonly isRequested: boolean
}
