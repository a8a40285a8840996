import { CoppiceError } from '@coppice/core'
import { DamagedObjectError } from './disk-errors.js'
import { endOf } from './ended.js'

export class GitTooOldError extends CoppiceError {
  readonly code = 'git-too-old'
  constructor(
    readonly found: string,
    readonly needed: string,
  ) {
    super(`git ${found} is too old: ${needed} or newer is needed to merge without a checkout`, {
      hint: `upgrade git to ${needed} or newer`,
    })
  }
}

export class GitMissingError extends CoppiceError {
  readonly code = 'git-missing'
  constructor(cause: unknown) {
    super('the command git cannot be run', { hint: 'install git and see that it is on the PATH', cause })
  }
}

const DAMAGED =
  /object [0-9a-f]{40,64} \(stored in (?<stored>.+)\) is corrupt|object file (?<empty>.+) is empty/

/** What the failure of a git command was. */
export function gitFailure(args: readonly string[], exitCode: number | null, stderr: string): CoppiceError {
  const { stored, empty } = DAMAGED.exec(stderr)?.groups ?? {}
  const path = empty ?? stored
  return path === undefined ? new GitError(args, exitCode, stderr) : new DamagedObjectError(path, stderr)
}

/** A git command failed in a way that nobody foresaw. */
export class GitError extends CoppiceError {
  readonly code = 'git-failed'
  constructor(
    readonly args: readonly string[],
    readonly exitCode: number | null,
    readonly stderr: string,
  ) {
    super(`git ${args[0] ?? ''} ${endOf(exitCode)}: ${stderr.trim() || 'no message'}`)
  }
}
