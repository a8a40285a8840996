import { objectId } from '../samples/ids.js'
import { MAX_TASK_ID_LENGTH, parseTaskId } from '@coppice/core'
import fc from 'fast-check'

// The pools are small, so that one value often speaks of what another one said; the texts are anything at all.

export const arbitraryObjectId: fc.Arbitrary<string> = fc.constantFrom('1', '2', '3').map(objectId)

export const arbitraryText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('', 'a', '\u0000', '\u2028', '\ud800'),
  fc.string({ unit: 'binary' }),
)

/** ISO 8601, as commands and facts have it. */
export const arbitraryInstant: fc.Arbitrary<string> = fc
  .date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') })
  .map((date) => date.toISOString())

/** Ids that a task can have, most of them short. */
export const arbitraryTaskId: fc.Arbitrary<string> = fc
  .stringMatching(new RegExp(`^[a-z0-9][a-z0-9._-]{0,${MAX_TASK_ID_LENGTH - 1}}$`))
  .filter(isTaskId)

function isTaskId(id: string): boolean {
  try {
    return parseTaskId(id) === id
  } catch {
    return false
  }
}
