import { CoppiceError } from '@coppice/core'
import { endOf } from './ended.js'

export class PathOccupiedError extends CoppiceError {
  readonly code = 'path-occupied'
  constructor(readonly path: string) {
    super(`${path} exists already, and Coppice did not make it`, {
      hint: 'move it away, choose another task id, or set another directory with coppice.worktreesDir',
    })
  }
}

/** What is on disk is not what the log recorded, so nothing there is read or touched. */
export class WorktreeBrokenError extends CoppiceError {
  readonly code = 'worktree-broken'
  constructor(
    readonly path: string,
    readonly problem: string,
    /** Where it is instead, as far as is known. */
    readonly foundAt: string | null = null,
  ) {
    super(`the worktree ${path} is not as it was made: ${problem}`, {
      hint:
        foundAt === null
          ? 'nothing in it was touched; `coppice doctor` tells what can be repaired; or move it away, and it is rebuilt from its newest checkpoint'
          : `nothing in it was touched; the worktree itself is at ${foundAt}: \`coppice repair\` takes it up there, or move it back`,
    })
  }
}

/** The command that makes a new worktree ready did not succeed. */
export class SetupError extends CoppiceError {
  readonly code = 'setup-failed'
  constructor(
    readonly command: readonly string[],
    readonly exitCode: number | null,
    readonly output: string,
  ) {
    super(`the setup command \`${command.join(' ')}\` ${endOf(exitCode)}: ${output.trim()}`, {
      hint: 'run it by hand in a worktree to see why',
    })
  }
}

/** A file that `.worktreeinclude` names could not be copied into a new worktree. */
export class CarryInError extends CoppiceError {
  readonly code = 'include-failed'
  constructor(
    readonly path: string,
    cause: unknown,
  ) {
    super(`${path} cannot be copied from the main checkout: ${String(cause)}`, {
      hint: 'mend that, or take it out of .worktreeinclude',
      cause,
    })
  }
}

/** The list of ignored files that are to be carried along is too long to be one. */
export class IncludeListError extends CoppiceError {
  readonly code = 'include-list-too-long'
  constructor(
    readonly path: string,
    readonly maxBytes: number,
  ) {
    super(`${path} is longer than ${maxBytes} bytes`, {
      hint: 'name directories or patterns in it, not each file',
    })
  }
}
