import type { CommandType, Fact, FactType, TaskStatus } from '@coppice/core'
import { fact, sampleCommandData } from '@coppice/testkit'
import type { Situation } from './situations.js'

/** The status that an accepted command leads to, and the fact that it records. */
type Move = readonly [status: TaskStatus, fact: FactType | Fact]
type Moves = Partial<Record<CommandType, Move>>

const asked = fact('checkpoint.taken', sampleCommandData['task.checkpoint'])

/** Whatever befalls a worktree and its agent, by the status in which it does. */
const observed = (status: TaskStatus): Moves => ({ 'agent.report-exited': [status, 'agent.exited'] })
const living = (status: TaskStatus): Moves => ({
  ...observed(status),
  'task.checkpoint': [status, asked],
  'worktree.report-lost': [status, 'worktree.lost'],
})
const rebuilding = (status: TaskStatus): Moves => {
  const { 'worktree.report-lost': _, ...rest } = living(status)
  return { ...rest, 'worktree.report-rebuilt': [status, 'worktree.rebuilt'] }
}
const teardown = (status: TaskStatus): Moves => ({
  ...observed(status),
  'worktree.report-pinned': [status, 'checkpoint.taken'],
  'worktree.report-removed': [status, 'worktree.removed'],
})
const active: Moves = {
  'task.merge': ['merging', 'merge.requested'],
  'task.park': ['parked', 'task.parked'],
  'task.abandon': ['abandoned', 'task.abandoned'],
  'agent.report-started': ['active', 'agent.started'],
}
const merging: Moves = {
  'worktree.report-pinned': ['merging', 'checkpoint.taken'],
  'merge.report-prepared': ['merging', 'merge.prepared'],
  'merge.report-base-moved': ['merging', 'merge.base-moved'],
  'merge.report-conflicted': ['active', 'merge.conflicted'],
  'merge.report-rejected': ['active', 'merge.rejected'],
}
const verified: Moves = { 'merge.report-verified': ['merging', 'merge.verified'] }
const landed: Moves = { 'merge.report-landed': ['merged', 'merge.landed'] }
const abandon: Moves = { 'task.abandon': ['abandoned', 'task.abandoned'] }
const resumed = (status: TaskStatus): Moves => ({ 'task.resume': [status, 'task.resumed'] })
const restored = (status: TaskStatus): Moves => ({ 'task.restore': [status, 'task.restored'] })

/** Every move of a life, by situation. Whatever is not listed is refused. */
export const LIFECYCLE: { readonly [S in Situation]: Moves } = {
  'not requested': {
    'task.request': ['creating', 'task.requested'],
    'task.recover': ['active', 'task.recovered'],
  },
  creating: {
    ...abandon,
    ...observed('creating'),
    'worktree.report-created': ['active', 'worktree.created'],
    'worktree.report-creation-failure': ['creating', 'worktree.creation-failed'],
  },
  active: { ...living('active'), ...active },
  'active, agent running': { ...living('active'), ...active },
  'active, worktree lost': { ...rebuilding('active'), ...active },
  merging: { ...living('merging'), ...merging },
  'merging, worktree lost': { ...rebuilding('merging'), ...merging },
  'merging, prepared': { ...living('merging'), ...merging, ...verified },
  'merging, verified': { ...living('merging'), ...merging, ...verified, ...landed },
  'parked, worktree present': { ...teardown('parked'), ...abandon, ...resumed('active') },
  'parked, worktree removed': { ...teardown('parked'), ...abandon, ...resumed('creating') },
  'parked, worktree lost': { ...teardown('parked'), ...abandon, ...resumed('creating') },
  'abandoned, never made': { ...teardown('abandoned'), ...restored('creating') },
  'abandoned, worktree present': { ...teardown('abandoned'), ...restored('active') },
  'abandoned, worktree removed': { ...teardown('abandoned'), ...restored('creating') },
  'recovered as creating': {
    ...abandon,
    ...observed('creating'),
    'worktree.report-created': ['active', 'worktree.created'],
    'worktree.report-creation-failure': ['creating', 'worktree.creation-failed'],
  },
  'recovered as active': { ...living('active'), ...active },
  'recovered as parked': { ...teardown('parked'), ...abandon, ...resumed('creating') },
  'recovered as merged': teardown('merged'),
  'recovered as abandoned': { ...teardown('abandoned'), ...restored('creating') },
  failed: { ...observed('failed'), ...abandon, ...resumed('creating') },
  'merged, worktree present': teardown('merged'),
  'merged, worktree removed': teardown('merged'),
}
