import type { RecordedFact } from '@coppice/core'
import type { Cursor } from './cursor.js'

/** Some whole appends that follow one another in the log. */
export interface Stretch {
  readonly start: Cursor
  readonly facts: readonly RecordedFact[]
  /** Where each fact's line begins in its segment. */
  readonly offsets: readonly number[]
  readonly end: Cursor
}
