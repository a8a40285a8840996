import type { Stage } from './stage.js'

/** A part of what a Workspace has to do; rejects where it does not. */
export interface WorkspaceCheck {
  readonly name: string
  readonly check: (stage: Stage) => Promise<void>
}
