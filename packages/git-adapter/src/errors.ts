import { CoppiceError } from '@coppice/core'

export class NotARepositoryError extends CoppiceError {
  readonly code = 'not-a-repository'
  constructor(
    readonly directory: string,
    readonly detail: string,
  ) {
    super(`${directory} is not in a git repository that can be used: ${detail}`, {
      hint: 'go into a repository, name one with -C DIR, or make one with `git init`',
    })
  }
}

export class EmptyRepositoryError extends CoppiceError {
  readonly code = 'empty-repository'
  constructor(readonly directory: string) {
    super(`the repository of ${directory} has no commit yet, so a task has nothing to start from`, {
      hint: 'make a first commit, with `git commit --allow-empty -m "first commit"` if need be',
    })
  }
}

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

/** A name that was given for a base or a target is none that the repository knows. */
export class BaseNotFoundError extends CoppiceError {
  readonly code = 'base-not-found'
  constructor(readonly ref: string) {
    super(`${JSON.stringify(ref)} names no commit in this repository`, {
      hint: 'name a branch, a tag or a commit; `git branch --all` lists the branches',
    })
  }
}

export class TargetNotFoundError extends CoppiceError {
  readonly code = 'target-not-found'
  constructor(readonly branch: string) {
    super(`there is no local branch ${JSON.stringify(branch)} to merge into`, {
      hint: '`git branch` lists the local branches',
    })
  }
}

export class BranchExistsError extends CoppiceError {
  readonly code = 'branch-exists'
  constructor(readonly branch: string) {
    super(`the branch ${branch} exists already, and Coppice did not make it`, {
      hint: 'choose another task id, or rename the branch; Coppice never takes over what it did not make',
    })
  }
}

export class BranchPrefixError extends CoppiceError {
  readonly code = 'branch-prefix-invalid'
  constructor(
    readonly prefix: string,
    readonly branch: string,
  ) {
    super(
      `the prefix ${JSON.stringify(prefix)} makes ${JSON.stringify(branch)}, which is no name of a branch`,
      {
        hint: 'set coppice.branchPrefix to what a branch may begin with, as in agents/',
      },
    )
  }
}

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
    problem: string,
  ) {
    super(`the worktree ${path} is not as it was made: ${problem}`, {
      hint: 'nothing in it was touched; put it right by hand, or move it away and let it be rebuilt',
    })
  }
}

/** A task's branch is not where the newest checkpoint left it, so restoring that checkpoint would mix two states. */
export class BranchMovedError extends CoppiceError {
  readonly code = 'branch-moved'
  constructor(
    readonly branch: string,
    readonly expected: string,
    readonly actual: string,
  ) {
    super(`the branch ${branch} was at ${expected} when the task was given back, and is now at ${actual}`, {
      hint: `move it back with \`git branch --force ${branch} ${expected}\`, after keeping what it holds now under another name`,
    })
  }
}

/** A landing was interrupted in a checkout, and cannot be brought to its end while git has locked the index there. */
export class CheckoutLockedError extends CoppiceError {
  readonly code = 'checkout-locked'
  constructor(
    readonly lock: string,
    readonly holder: string,
  ) {
    super(
      `${lock} is in the way of a landing that was interrupted, and somebody may be holding it: ${holder}`,
      {
        hint: 'end that process, or finish what it is at (a commit whose message is open in an editor, say), then merge again',
      },
    )
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

/** What is in memory could not be written to the disk. */
export class SyncError extends CoppiceError {
  readonly code = 'sync-failed'
  constructor(
    readonly path: string,
    readonly detail: string,
    cause: unknown,
  ) {
    super(`the file system of ${path} could not be synced: ${detail}`, {
      hint: 'look at the disk: the system log says what is wrong with it',
      cause,
    })
  }
}

/** An object of the repository's cannot be read: a power cut has torn it, or the disk has lost it. */
export class DamagedObjectError extends CoppiceError {
  readonly code = 'object-damaged'
  constructor(
    /** The file that it is in. */
    readonly path: string,
    readonly stderr: string,
  ) {
    super(`an object of the repository is damaged: git cannot read ${path}`, {
      hint: '`coppice repair` takes away what a power cut has torn, and puts branches of tasks back to what is whole; `git fsck --full` tells what is damaged besides',
    })
  }
}

/** Objects that a power cut has torn, or may have, are left, for they could not be read or taken away. */
export class TornObjectsError extends CoppiceError {
  readonly code = 'torn-objects-left'
  constructor(
    /** What was said of each. */
    readonly reasons: readonly string[],
  ) {
    super(`${reasons.length} objects may be torn since a power cut and are left: ${named(reasons)}`, {
      hint: 'see to it that they can be read and deleted; they are looked at again by whatever opens the repository next',
    })
  }
}

function named(reasons: readonly string[]): string {
  const more = reasons.length > MAX_NAMED ? '; …' : ''
  return `${reasons.slice(0, MAX_NAMED).join('; ')}${more}`
}

/** How many reasons a message names. */
const MAX_NAMED = 5

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

/** How a command ended that did not succeed; null where it has no exit code. */
function endOf(exitCode: number | null): string {
  return exitCode === null ? 'could not be run, or was ended by a signal' : `failed (exit ${exitCode})`
}
