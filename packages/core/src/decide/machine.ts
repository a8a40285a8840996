import { setup } from 'xstate'
import type { Command } from '../commands/command.js'
import type { Fact } from '../facts/fact.js'
import { RECOVERED_STATUSES } from '../task/recovered.js'
import type { TaskState } from '../task/state.js'
import * as guards from './guards.js'
import * as record from './record.js'

/** The machine knows the task as the fold left it; it never changes it: facts do. */
export interface MachineContext {
  readonly task: TaskState | null
}

const teardown = {
  'worktree.report-pinned': { actions: record.worktreePinned },
  'worktree.report-removed': { actions: record.worktreeRemoved },
  'agent.report-exited': { actions: record.agentExited },
} as const

const living = {
  'task.checkpoint': { actions: record.checkpointTaken },
  'worktree.report-lost': { guard: 'worktreeIsPresent', actions: record.worktreeLost },
  'worktree.report-rebuilt': { guard: 'worktreeIsLost', actions: record.worktreeRebuilt },
  'agent.report-exited': { actions: record.agentExited },
} as const

/**
 * The life of a task. A state's name is the task's status; `unrequested` is the time before there is one.
 * Transitions emit facts and do nothing else; a command that a state does not list is refused in it.
 */
export const taskMachine = setup({
  types: {
    context: {} as MachineContext,
    input: {} as MachineContext,
    events: {} as Command,
    emitted: {} as Fact,
  },
  guards,
}).createMachine({
  id: 'task',
  initial: 'unrequested',
  context: ({ input }) => input,
  states: {
    unrequested: {
      on: {
        'task.request': { target: 'creating', actions: record.taskRequested },
        'task.recover': RECOVERED_STATUSES.map((status) => ({
          guard: { type: 'isRecoveredAs', params: status },
          target: status,
          actions: record.taskRecovered,
        })),
      },
    },
    creating: {
      on: {
        'worktree.report-created': { target: 'active', actions: record.worktreeCreated },
        'worktree.report-creation-failure': [
          { guard: 'mayRetryCreation', actions: record.creationFailed },
          { target: 'failed', actions: record.creationFailedForGood },
        ],
        'task.abandon': { target: 'abandoned', actions: record.taskAbandoned },
        'agent.report-exited': { actions: record.agentExited },
      },
    },
    active: {
      on: {
        ...living,
        'agent.report-started': { actions: record.agentStarted },
        'task.merge': { target: 'merging', actions: record.mergeRequested },
        'task.park': { target: 'parked', actions: record.taskParked },
        'task.abandon': { target: 'abandoned', actions: record.taskAbandoned },
      },
    },
    merging: {
      on: {
        ...living,
        'worktree.report-pinned': { actions: record.worktreePinned },
        'merge.report-prepared': { actions: record.mergePrepared },
        'merge.report-verified': { guard: 'isCurrentMerge', actions: record.mergeVerified },
        'merge.report-base-moved': [
          { guard: 'mayPrepareAgain', actions: record.mergeBaseMoved },
          { target: 'active', actions: record.mergeGivenUp },
        ],
        'merge.report-conflicted': { target: 'active', actions: record.mergeConflicted },
        'merge.report-rejected': { target: 'active', actions: record.mergeRejected },
        'merge.report-landed': { guard: 'isVerifiedMerge', target: 'merged', actions: record.mergeLanded },
      },
    },
    parked: {
      on: {
        ...teardown,
        'task.resume': [
          { guard: 'worktreeIsPresent', target: 'active', actions: record.taskResumed },
          { target: 'creating', actions: record.taskResumed },
        ],
        'task.abandon': { target: 'abandoned', actions: record.taskAbandoned },
      },
    },
    abandoned: {
      on: {
        ...teardown,
        'task.restore': [
          { guard: 'worktreeIsPresent', target: 'active', actions: record.taskRestored },
          { target: 'creating', actions: record.taskRestored },
        ],
      },
    },
    failed: {
      on: {
        'task.resume': { target: 'creating', actions: record.taskResumed },
        'task.abandon': { target: 'abandoned', actions: record.taskAbandoned },
        'agent.report-exited': { actions: record.agentExited },
      },
    },
    merged: { on: teardown },
  },
})
