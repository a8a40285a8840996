import { CoppiceError, MERGE_STRATEGIES } from '@coppice/core'

/** A command to run is a program and its arguments; there has to be a program. */
export class InvalidCommandError extends CoppiceError {
  readonly code = 'invalid-command'
  constructor(readonly command: readonly string[]) {
    super('the command to run is empty', {
      hint: "give a program and its arguments, as in ['npm', 'test']; there is no shell in between",
    })
  }
}

export class InvalidStrategyError extends CoppiceError {
  readonly code = 'invalid-strategy'
  constructor(readonly strategy: string) {
    super(`there is no merge strategy ${JSON.stringify(strategy)}`, {
      hint: `choose one of ${MERGE_STRATEGIES.join(', ')}`,
    })
  }
}

/** How often to take checkpoints has to be said in whole seconds, and a timer has to be able to wait so long. */
export class InvalidIntervalError extends CoppiceError {
  readonly code = 'invalid-interval'
  constructor(
    readonly interval: string,
    readonly most: number,
  ) {
    super(`${JSON.stringify(interval)} is no interval for checkpoints`, {
      hint: `give whole seconds, from 0 (none) to ${most}`,
    })
  }
}

/** The pool has a number of ready worktrees, and a number of bytes. */
export class InvalidPoolLimitError extends CoppiceError {
  readonly code = 'invalid-pool-limit'
  constructor(
    readonly limit: string,
    readonly value: string,
    readonly most: number,
  ) {
    super(`${JSON.stringify(value)} is no ${limit}`, {
      hint: `give a whole number from 0 to ${most}; in git's configuration it may end in k, m or g`,
    })
  }
}

/** A setting names something in the repository by its path from the top. */
export class InvalidPathError extends CoppiceError {
  readonly code = 'invalid-path'
  constructor(
    readonly setting: string,
    readonly path: string,
  ) {
    super(`${JSON.stringify(path)} is no path for ${setting}`, {
      hint: 'give a path from the top of the repository, such as node_modules or packages/app/target',
    })
  }
}

/** The system could not start an agent's program. */
export class AgentStartError extends CoppiceError {
  readonly code = 'agent-not-started'
  constructor(
    readonly task: string,
    readonly command: readonly string[],
    /** The system's own name of the error, such as `ENOENT`. */
    readonly errno: string,
    options: { readonly cause?: unknown } = {},
  ) {
    const program = JSON.stringify(command[0])
    const reason = REASONS[errno] ?? `could not be started (${errno})`
    super(`${program} ${reason}`, {
      ...options,
      hint: 'check the spelling and PATH; the program is started without a shell, in the worktree',
    })
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'was not found',
  EACCES: 'is not executable',
  E2BIG: 'was given more arguments than the system takes',
}

/** The log is gone, and what was made for its tasks is not: to begin with an empty one would be to forget them. */
export class LogLostError extends CoppiceError {
  readonly code = 'log-lost'
  constructor(
    /** Where the log should be. */
    readonly directory: string,
  ) {
    super(`the log in ${directory} is gone, and git still holds what was made for its tasks`, {
      hint: 'put it back if there is a copy; else `coppice doctor` lists what git holds, and `coppice repair --new-log` begins a new log with it',
    })
  }
}

/** A new log was asked for in place of one that is not lost. */
export class LogNotLostError extends CoppiceError {
  readonly code = 'log-not-lost'
  constructor(
    /** Of the segments. */
    readonly directory: string,
    why: 'repairable' | 'newer',
  ) {
    const isNewer = why === 'newer'
    super(
      `the log in ${directory} is not lost: ${isNewer ? 'a newer version wrote a part of it' : 'it can be repaired'}`,
      { hint: isNewer ? 'upgrade Coppice' : '`coppice repair` puts it right, and nothing is given up' },
    )
  }
}

/** Somebody alive works on a task, or waits for its agent, with the log that is to be replaced. */
export class TaskBusyError extends CoppiceError {
  readonly code = 'task-busy'
  constructor(readonly task: string) {
    super(`a process is at work on task ${JSON.stringify(task)}, so that no new log can be begun`, {
      hint: 'end every `coppice` and every orchestrator of this repository, then try again',
    })
  }
}

/** What a task changed is asked of git, and there is none. */
export class NoDiffError extends CoppiceError {
  readonly code = 'no-diff'
  constructor(readonly task: string) {
    super(`there is no git that could tell what ${task} changed`, {
      hint: 'openCoppice has one; openCoppiceOn has a workspace of your own, so ask that',
    })
  }
}
