import type { FactData, FactType, Request } from '@coppice/core'

/** The commands of which each fact can have come, by its type. */
const commands: { readonly [T in FactType]: (data: FactData[T]) => readonly Request[] } = {
  'task.requested': (data) => [{ type: 'task.request', data }],
  'task.recovered': (data) => [{ type: 'task.recover', data }],
  'task.parked': (data) => [{ type: 'task.park', data }],
  'task.resumed': (data) => [{ type: 'task.resume', data }],
  'task.abandoned': (data) => [{ type: 'task.abandon', data }],
  'task.restored': (data) => [{ type: 'task.restore', data }],
  'worktree.created': (data) => [{ type: 'worktree.report-created', data }],
  'worktree.creation-failed': ({ failure, final }) =>
    // One that is final may have been tried often enough, or not be worth another attempt.
    [!final, final].map((retryable) => ({
      type: 'worktree.report-creation-failure' as const,
      data: { failure, retryable },
    })),
  'worktree.removed': (data) => [{ type: 'worktree.report-removed', data }],
  'worktree.lost': (data) => [{ type: 'worktree.report-lost', data }],
  'worktree.rebuilt': (data) => [{ type: 'worktree.report-rebuilt', data }],
  'checkpoint.taken': ({ checkpoint, message }) => [
    { type: 'task.checkpoint', data: { checkpoint, message } },
    { type: 'worktree.report-pinned', data: { checkpoint } },
  ],
  'merge.requested': (data) => [{ type: 'task.merge', data }],
  'merge.prepared': (data) => [{ type: 'merge.report-prepared', data }],
  'merge.verified': (data) => [{ type: 'merge.report-verified', data }],
  'merge.base-moved': (data) => [{ type: 'merge.report-base-moved', data }],
  'merge.conflicted': (data) => [{ type: 'merge.report-conflicted', data }],
  'merge.rejected': (data) => [{ type: 'merge.report-rejected', data }],
  'merge.landed': ({ commit }) => [{ type: 'merge.report-landed', data: { commit } }],
  'agent.started': (data) => [{ type: 'agent.report-started', data }],
  'agent.exited': (data) => [{ type: 'agent.report-exited', data }],
}

/** The commands of which a fact can have come; none for a type that this version does not know. */
export function commandsFor<T extends FactType>(type: T, data: FactData[T]): readonly Request[] {
  return Object.hasOwn(commands, type) ? commands[type](data) : []
}
