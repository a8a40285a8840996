import type { Checkpoint, FactData, FactOf, FactType, RecoveredStatus, RecoveredTask } from '@coppice/core'
import { objectId, SAMPLE_TIME } from './ids.js'

export const sampleCheckpoint: Checkpoint = {
  number: 1,
  ref: 'refs/coppice/fix-login/checkpoints/1',
  commit: objectId('c'),
  head: objectId('d'),
  branch: 'coppice/fix-login',
  tip: objectId('d'),
  index: objectId('e'),
  rawIndex: null,
  tree: objectId('f'),
  uncaptured: ['vendor/nested'],
}

const agent = { pid: 4321, startTime: '987654', command: ['agent', '--fix'] }
const failure = { code: 'disk-full', message: 'no space is left' }
const prepared = { commit: objectId('1'), tree: objectId('2'), base: objectId('3'), tip: objectId('4') }
const merge = { strategy: 'squash', into: 'main', verify: ['npm', 'test'], message: 'Fix the login' } as const
const conflict = { files: ['login.ts'], fileCount: 1 }
const rejection = {
  reason: 'verification-failed',
  message: 'npm test failed',
  files: [],
  exitCode: 1,
  output: '1 failed',
} as const

/** What was found of a task whose log was lost, by the status that it was given. */
export function recoveredAs(status: RecoveredStatus): RecoveredTask {
  return {
    status,
    title: null,
    base: { ref: objectId('0'), commit: objectId('0') },
    into: null,
    branch: 'coppice/fix-login',
    path: '/srv/repo.worktrees/fix-login',
    gitDir: status === 'active' ? '/srv/repo/.git/worktrees/fix-login' : null,
    checkpoint: status === 'creating' ? null : sampleCheckpoint,
    landing: status === 'merged' ? { commit: objectId('1'), into: 'main', strategy: null } : null,
    agent: null,
    unknown: ['title', 'base', 'into'],
  }
}

/** Plausible data for every fact. */
export const sampleFactData: FactData = {
  'task.requested': {
    title: 'Fix the login',
    base: { ref: 'main', commit: objectId('0') },
    into: 'main',
    branch: 'coppice/fix-login',
    path: '/srv/repo.worktrees/fix-login',
  },
  'task.recovered': recoveredAs('active'),
  'task.parked': { reason: 'lunch' },
  'task.resumed': {},
  'task.abandoned': { reason: 'obsolete' },
  'task.restored': {},
  'worktree.created': { gitDir: '/srv/repo/.git/worktrees/fix-login', head: objectId('0') },
  'worktree.creation-failed': { attempt: 1, final: false, failure },
  'worktree.removed': {},
  'worktree.lost': {},
  'worktree.rebuilt': { gitDir: '/srv/repo/.git/worktrees/fix-login1', head: objectId('0'), checkpoint: 1 },
  'checkpoint.taken': { checkpoint: sampleCheckpoint, message: null },
  'merge.requested': merge,
  'merge.prepared': prepared,
  'merge.verified': { commit: prepared.commit },
  'merge.base-moved': { expected: prepared.base, actual: objectId('5') },
  'merge.conflicted': conflict,
  'merge.rejected': rejection,
  'merge.landed': { commit: prepared.commit, into: 'main', strategy: 'squash' },
  'agent.started': agent,
  'agent.exited': { pid: agent.pid, exitCode: 0, signal: null },
}

/** A fact with plausible data, or with the data given. */
export function fact<T extends FactType>(type: T, data: FactData[T] = sampleFactData[type]): FactOf<T> {
  return { type, at: SAMPLE_TIME, data }
}
