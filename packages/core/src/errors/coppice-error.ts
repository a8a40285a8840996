/** The base of every error that Coppice throws on purpose; `code` is stable and meant for programs. */
export abstract class CoppiceError extends Error {
  abstract readonly code: string

  /** What the person who reads the message can do next; shown after the message. */
  readonly hint: string | null

  constructor(message: string, options: { readonly hint?: string; readonly cause?: unknown } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.name = new.target.name
    this.hint = options.hint ?? null
  }
}

/** True for an error of Coppice's own, whichever package threw it; with a code, only for that one. */
export function isCoppiceError(error: unknown, code?: string): error is CoppiceError {
  return error instanceof CoppiceError && (code === undefined || error.code === code)
}
