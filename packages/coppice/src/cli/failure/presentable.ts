import { CoppiceError, isCoppiceError } from '@coppice/core'
import { CommanderError } from 'commander'
import { UsageError } from './errors.js'

/** Something that nobody foresaw; the stack is shown on request. */
class UnexpectedError extends CoppiceError {
  readonly code = 'unexpected'
}

/** The system refused something that every command needs. */
class SystemError extends CoppiceError {
  readonly code = 'system-error'
  constructor(
    readonly errno: string,
    error: Error,
  ) {
    super(error.message, { cause: error, ...(HINTS[errno] === undefined ? {} : { hint: HINTS[errno] }) })
  }
}

const READ_ONLY =
  'Coppice keeps its state in the git directory, and worktrees beside the repository: both must be writable'

const HINTS: Readonly<Record<string, string>> = {
  EACCES: READ_ONLY,
  EPERM: READ_ONLY,
  EROFS: READ_ONLY,
  ENOSPC: 'the disk is full: free some space and run the command again; nothing is lost',
  EDQUOT: 'the disk quota is used up: free some space and run the command again; nothing is lost',
  EMFILE: 'too many files are open: raise `ulimit -n`',
}

/** The error that a person, or with --json a program, is told. */
export function presentable(error: unknown, signal: AbortSignal): CoppiceError {
  // Whatever an abort made fail on its way, the abort is the reason.
  if (signal.aborted && isCoppiceError(signal.reason)) return signal.reason
  if (isCoppiceError(error)) return error
  if (error instanceof CommanderError) return usageError(error)
  if (!(error instanceof Error)) return new UnexpectedError(String(error))
  if ('errno' in error && 'code' in error && typeof error.code === 'string') {
    return new SystemError(error.code, error)
  }
  return new UnexpectedError(`${error.name}: ${error.message}`, {
    cause: error,
    hint: 'this should not happen; COPPICE_DEBUG=1 shows the stack. Nothing is lost: see `coppice list`',
  })
}

function usageError({ code, message }: CommanderError): UsageError {
  if (code === 'commander.help')
    return new UsageError('no command was given', { hint: 'see `coppice --help`' })
  const [problem = message, ...rest] = message.replace(/^error: /, '').split('\n')
  const hint = rest.join(' ').replace(/[()]/g, '')
  return new UsageError(problem, { hint: hint === '' ? 'see `coppice --help`' : hint })
}
