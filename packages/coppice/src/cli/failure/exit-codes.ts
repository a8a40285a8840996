import { isCoppiceError } from '@coppice/core'

/** What the command's exit codes say; scripts may rely on them. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  noSuchTask: 3,
  conflict: 4,
  verificationFailed: 5,
  illegalMove: 6,
} as const

/** The exit code of an error, by its code; one that is not listed has simply failed. */
const BY_ERROR_CODE: Readonly<Record<string, number>> = {
  usage: EXIT.usage,
  'base-not-found': EXIT.usage,
  'copies-not-found': EXIT.usage,
  'invalid-command': EXIT.usage,
  'invalid-interval': EXIT.usage,
  'invalid-task-id': EXIT.usage,
  'invalid-text': EXIT.usage,
  'no-target-branch': EXIT.usage,
  'position-not-found': EXIT.usage,
  'target-not-found': EXIT.usage,
  'task-not-found': EXIT.noSuchTask,
  'agent-running': EXIT.illegalMove,
  'illegal-move': EXIT.illegalMove,
  'task-exists': EXIT.illegalMove,
}

export function exitCodeOf(error: unknown): number {
  return isCoppiceError(error) ? (BY_ERROR_CODE[error.code] ?? EXIT.failed) : EXIT.failed
}
