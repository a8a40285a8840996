import { InvalidTextError } from '../errors/task-errors.js'
import { MAX_MESSAGE_LENGTH, MAX_TITLE_LENGTH } from './limits.js'

/** Checks a title and returns it, or null where there is none. */
export function parseTitle(title: string | undefined): string | null {
  return bounded('title', title, MAX_TITLE_LENGTH)
}

/** Checks a checkpoint's or a merge's message and returns it, or null where there is none. */
export function parseMessage(message: string | undefined): string | null {
  return bounded('message', message, MAX_MESSAGE_LENGTH)
}

/** Checks the reason for a park or an abandonment and returns it, or null where there is none. */
export function parseReason(reason: string | undefined): string | null {
  return bounded('reason', reason, MAX_MESSAGE_LENGTH)
}

function bounded(field: string, text: string | undefined, limit: number): string | null {
  if (text === undefined) return null
  if (text.length > limit) throw new InvalidTextError(field, text.length, limit)
  return text
}
