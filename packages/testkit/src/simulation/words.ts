import { taskOf, type RecordedFact } from '@coppice/core'

/** A fact as a failure tells it: its number, its task and its type. */
export function named({ sequence, type, stream }: RecordedFact): string {
  return `#${sequence} ${taskOf(stream) ?? stream} ${type}`
}

/** What an error says, or whatever was thrown in the place of one. */
export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
