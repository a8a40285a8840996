import type { Piece } from './pieces.js'
import type { RepairItem } from './repair-plan.js'

/** A segment's new content, which is proven to be what was written there. */
export interface Fix {
  readonly item: RepairItem
  readonly segment: number
  readonly pieces: readonly Piece[]
}

/** Why there is no fix. */
export interface NoFix {
  readonly reason: string
}

export function isFix(outcome: Fix | NoFix): outcome is Fix {
  return 'item' in outcome
}
