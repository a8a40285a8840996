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
