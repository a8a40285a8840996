import type { CommandType } from '../commands/command.js'
import type { TaskStatus } from '../task/status.js'
import { CoppiceError } from './coppice-error.js'

export class InvalidTaskIdError extends CoppiceError {
  readonly code = 'invalid-task-id'
  constructor(
    readonly id: string,
    problem: string,
    hint: string,
  ) {
    super(`${JSON.stringify(id)} cannot be a task id: ${problem}`, { hint })
  }
}

export class InvalidTextError extends CoppiceError {
  readonly code = 'invalid-text'
  constructor(
    readonly field: string,
    readonly length: number,
    readonly limit: number,
  ) {
    super(`the ${field} has ${length} characters, ${limit} are allowed`, { hint: `shorten the ${field}` })
  }
}

export class TaskNotFoundError extends CoppiceError {
  readonly code = 'task-not-found'
  constructor(readonly task: string) {
    super(`there is no task ${JSON.stringify(task)}`, { hint: '`coppice list --all` shows every task' })
  }
}

export class TaskExistsError extends CoppiceError {
  readonly code = 'task-exists'
  constructor(
    readonly task: string,
    readonly status: TaskStatus,
  ) {
    super(`task ${JSON.stringify(task)} exists already; it is ${status}`, {
      hint: 'choose another id; an id is never used twice, so that its history stays its own',
    })
  }
}

/** The lifecycle refuses a command in the status that the task is in. */
export class IllegalMoveError extends CoppiceError {
  readonly code = 'illegal-move'
  constructor(
    readonly task: string,
    readonly status: TaskStatus,
    readonly command: CommandType,
    readonly allowed: readonly CommandType[],
  ) {
    const verbs = allowed.map(verbOf).join(', ')
    super(`task ${JSON.stringify(task)} is ${status}: ${verbOf(command)} is not possible now`, {
      hint:
        verbs === '' ? `nothing more can be done with a task that is ${status}` : `possible now: ${verbs}`,
    })
  }
}

/** A merge needs a branch to land on, and neither the task nor the caller names one. */
export class NoTargetBranchError extends CoppiceError {
  readonly code = 'no-target-branch'
  constructor(
    readonly task: string,
    readonly base: string,
  ) {
    super(`task ${JSON.stringify(task)} was made from ${base}, which is no local branch to merge into`, {
      hint: 'name the branch to land on, with --into BRANCH or { into }',
    })
  }
}

/** An agent that Coppice started is still running in the worktree. */
export class AgentRunningError extends CoppiceError {
  readonly code = 'agent-running'
  constructor(
    readonly task: string,
    /** Its process id, or null where its end is just being recorded. */
    readonly pid: number | null,
  ) {
    const which = pid === null ? 'an agent' : `an agent (process ${pid})`
    super(`${which} is still running in task ${JSON.stringify(task)}`, {
      hint: 'wait for it or stop it first',
    })
  }
}

export class TaskCreationError extends CoppiceError {
  readonly code = 'creation-failed'
  constructor(
    readonly task: string,
    readonly reason: { readonly code: string; readonly message: string },
    readonly attempts: number,
  ) {
    super(`task ${JSON.stringify(task)} could not be made after ${attempts} attempt(s): ${reason.message}`, {
      hint: `\`coppice resume ${task}\` tries again, \`coppice abandon ${task}\` gives it up`,
    })
  }
}

/** How often a worktree was looked at in vain, or pinned and found to have changed again. */
export type Restlessness = { readonly looks: number } | { readonly pins: number }

/** The content of a worktree kept changing while it was being pinned, so nothing was built on it or removed. */
export class RestlessWorktreeError extends CoppiceError {
  readonly code = 'worktree-restless'
  constructor(
    readonly task: string,
    readonly seen: Restlessness,
  ) {
    const isPinned = 'pins' in seen
    const changed = isPinned
      ? `was pinned ${seen.pins} times, and had changed again each time`
      : `changed during each of ${seen.looks} looks at it`
    const kept = isPinned ? 'each of these states is pinned' : 'what it holds now is not pinned'
    super(`the worktree of task ${JSON.stringify(task)} ${changed}`, {
      hint: `stop what writes into it, then try again; ${kept}`,
    })
  }
}

function verbOf(command: CommandType): string {
  if (command === 'agent.report-started') return 'running a command'
  return command.slice(command.indexOf('.') + 1)
}
