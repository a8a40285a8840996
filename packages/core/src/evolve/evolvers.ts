import type { FactData, FactType } from '../facts/fact.js'
import type { RecoveredStatus } from '../task/recovered.js'
import type { TaskState, WorktreeState } from '../task/state.js'

/** The fields that a fact changes. */
export type Evolver<Data> = (task: TaskState, data: Data) => Partial<TaskState>

/** One entry a fact; the compiler refuses a fact without one. */
export const evolvers: { readonly [T in FactType]: Evolver<FactData[T]> } = {
  'task.requested': (_, data) => ({ ...data, status: 'creating', worktree: 'making' }),
  'task.recovered': (_, { unknown: _unknown, ...data }) => ({ ...data, worktree: worktreeIn(data.status) }),
  'task.parked': () => ({ status: 'parked' }),
  'task.resumed': comeBack,
  // Parking kept the branch and a failed creation may have left one, so a removal is owed even without a worktree.
  'task.abandoned': ({ worktree }) => ({
    status: 'abandoned',
    worktree: worktree === 'absent' ? 'lost' : worktree,
  }),
  'task.restored': comeBack,

  'worktree.created': (_, { gitDir }) => ({
    status: 'active',
    worktree: 'present',
    gitDir,
    attempts: 0,
    failure: null,
  }),
  'worktree.creation-failed': (_, { attempt, final, failure }) =>
    final
      ? { status: 'failed', worktree: 'absent', attempts: attempt, failure }
      : { attempts: attempt, failure },
  'worktree.removed': () => ({ worktree: 'absent', gitDir: null }),
  'worktree.lost': () => ({ worktree: 'lost' }),
  'worktree.rebuilt': ({ path }, data) => ({
    worktree: 'present',
    gitDir: data.gitDir,
    path: data.path ?? path,
  }),

  'checkpoint.taken': (_, { checkpoint }) => ({ checkpoint }),

  'merge.requested': (_, data) => ({
    status: 'merging',
    merge: { ...data, prepared: null, verified: false, baseMoves: 0 },
    setback: null,
  }),
  'merge.prepared': ({ merge }, prepared) => ({ merge: merge && { ...merge, prepared, verified: false } }),
  'merge.verified': ({ merge }) => ({ merge: merge && { ...merge, verified: true } }),
  'merge.base-moved': ({ merge }) => ({
    merge: merge && { ...merge, prepared: null, verified: false, baseMoves: merge.baseMoves + 1 },
  }),
  'merge.conflicted': (_, data) => ({
    status: 'active',
    merge: null,
    setback: { kind: 'conflicted', ...data },
  }),
  'merge.rejected': (_, data) => ({ status: 'active', merge: null, setback: { kind: 'rejected', ...data } }),
  'merge.landed': (_, landing) => ({ status: 'merged', merge: null, landing }),

  'agent.started': (_, agent) => ({ agent }),
  // The exit of an agent may be told late, or twice; it says nothing of one that was started after it.
  'agent.exited': ({ agent }, { pid }) => (agent?.pid === pid ? { agent: null } : {}),
}

/** A worktree that was not yet taken away is gone on with; else a new one has to be made. */
function comeBack({ worktree }: TaskState): Partial<TaskState> {
  return worktree === 'present'
    ? { status: 'active' }
    : { status: 'creating', worktree: 'making', attempts: 0, failure: null }
}

/** Whether the world still has the worktree is looked at afterwards, as at every other opening. */
function worktreeIn(status: RecoveredStatus): WorktreeState {
  if (status === 'active') return 'present'
  return status === 'creating' ? 'making' : 'absent'
}

/** Every type of fact that this version knows. */
export const FACT_TYPES = Object.keys(evolvers) as readonly FactType[]

/** Whether this version knows facts of a type. */
export function isFactType(type: string): type is FactType {
  return Object.hasOwn(evolvers, type)
}
