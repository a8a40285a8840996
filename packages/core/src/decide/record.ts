import { emit } from 'xstate'
import type { Command, CommandOf, CommandType } from '../commands/command.js'
import type { Fact, FactData, FactType } from '../facts/fact.js'
import { MAX_BASE_MOVES } from '../task/limits.js'
import type { TaskState } from '../task/state.js'

interface Context {
  readonly task: TaskState | null
}

/** What each of the actions below emits. */
const FACT_TYPES = new Map<object, FactType>()

/** The emit action that answers a command of type C with a fact of type F. */
function records<C extends CommandType, F extends FactType>(
  _command: C,
  type: F,
  dataOf: (command: CommandOf<C>, task: TaskState | null) => FactData[F],
) {
  const action = emit<Context, Command, undefined, Command, Fact>(({ context, event }) => {
    const command = event as CommandOf<C>
    return { type, at: command.at, data: dataOf(command, context.task) } as Fact
  })
  FACT_TYPES.set(action, type)
  return action
}

/** The type of the fact that an action of the machine emits. */
export function factTypeOf(action: object): FactType {
  const type = FACT_TYPES.get(action)
  if (type === undefined) throw new TypeError('every action of the machine records a fact')
  return type
}

export const taskRequested = records('task.request', 'task.requested', ({ data }) => data)
export const taskRecovered = records('task.recover', 'task.recovered', ({ data }) => data)
export const taskParked = records('task.park', 'task.parked', ({ data }) => data)
export const taskResumed = records('task.resume', 'task.resumed', () => ({}))
export const taskAbandoned = records('task.abandon', 'task.abandoned', ({ data }) => data)
export const taskRestored = records('task.restore', 'task.restored', () => ({}))
export const checkpointTaken = records('task.checkpoint', 'checkpoint.taken', ({ data }) => data)

export const worktreeCreated = records('worktree.report-created', 'worktree.created', ({ data }) => data)
export const worktreePinned = records('worktree.report-pinned', 'checkpoint.taken', ({ data }) => ({
  checkpoint: data.checkpoint,
  message: null,
}))
export const worktreeRemoved = records('worktree.report-removed', 'worktree.removed', () => ({}))
export const worktreeLost = records('worktree.report-lost', 'worktree.lost', () => ({}))
export const worktreeRebuilt = records('worktree.report-rebuilt', 'worktree.rebuilt', ({ data }) => data)
export const creationFailed = creationFailure(false)
export const creationFailedForGood = creationFailure(true)

export const mergeRequested = records('task.merge', 'merge.requested', ({ data }) => data)
export const mergePrepared = records('merge.report-prepared', 'merge.prepared', ({ data }) => data)
export const mergeVerified = records('merge.report-verified', 'merge.verified', ({ data }) => data)
export const mergeBaseMoved = records('merge.report-base-moved', 'merge.base-moved', ({ data }) => data)
export const mergeGivenUp = records('merge.report-base-moved', 'merge.rejected', (_, task) => ({
  reason: 'base-restless',
  message:
    `${task?.merge?.into} has moved ${MAX_BASE_MOVES} times before the merge could land; ` +
    'see to it that neither the verify command nor anything else keeps moving it, and merge again',
  files: [],
  exitCode: null,
  output: '',
}))
export const mergeConflicted = records('merge.report-conflicted', 'merge.conflicted', ({ data }) => data)
export const mergeRejected = records('merge.report-rejected', 'merge.rejected', ({ data }) => data)
export const mergeLanded = records('merge.report-landed', 'merge.landed', ({ data }, task) => {
  if (task?.merge == null) throw new TypeError('a merge lands only in a task that is merging')
  return { commit: data.commit, into: task.merge.into, strategy: task.merge.strategy }
})

export const agentStarted = records('agent.report-started', 'agent.started', ({ data }) => data)
export const agentExited = records('agent.report-exited', 'agent.exited', ({ data }) => data)

function creationFailure(final: boolean) {
  return records('worktree.report-creation-failure', 'worktree.creation-failed', ({ data }, task) => ({
    attempt: (task?.attempts ?? 0) + 1,
    final,
    failure: data.failure,
  }))
}
