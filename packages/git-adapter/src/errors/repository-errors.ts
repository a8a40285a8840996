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
