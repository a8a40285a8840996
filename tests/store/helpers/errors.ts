import { isCoppiceError } from '@coppice/core'

/** What a promise rejects with; null if it does not. */
export function errorOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => null,
    (error: unknown) => error,
  )
}

/** The code of an error of Coppice's own. */
export function codeOf(error: unknown): string {
  return isCoppiceError(error) ? error.code : String(error)
}
