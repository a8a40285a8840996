import type {
  Checkpoint,
  Command,
  CommandData,
  CommandOf,
  CommandType,
  FactData,
  FactOf,
  FactType,
  RecoveredStatus,
  RecoveredTask,
} from '@coppice/core'

export const AT = '2026-01-02T03:04:05.678Z'

/** A full object id that is easy to tell from others in a failure's output. */
export function oid(digit: string): string {
  return digit.repeat(40)
}

export const checkpoint: Checkpoint = {
  number: 1,
  ref: 'refs/coppice/fix-login/checkpoints/1',
  commit: oid('c'),
  head: oid('d'),
  branch: 'coppice/fix-login',
  tip: oid('d'),
  index: oid('e'),
  rawIndex: null,
  tree: oid('f'),
  uncaptured: ['vendor/nested'],
}

const agent = { pid: 4321, startTime: '987654', command: ['agent', '--fix'] }
const failure = { code: 'disk-full', message: 'no space is left' }
const prepared = { commit: oid('1'), tree: oid('2'), base: oid('3'), tip: oid('4') }
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
    base: { ref: oid('0'), commit: oid('0') },
    into: null,
    branch: 'coppice/fix-login',
    path: '/srv/repo.worktrees/fix-login',
    gitDir: status === 'active' ? '/srv/repo/.git/worktrees/fix-login' : null,
    checkpoint: status === 'creating' ? null : checkpoint,
    landing: status === 'merged' ? { commit: oid('1'), into: 'main', strategy: null } : null,
    agent: null,
    unknown: ['title', 'base', 'into'],
  }
}

/** Plausible data for every fact. */
export const factData: FactData = {
  'task.requested': {
    title: 'Fix the login',
    base: { ref: 'main', commit: oid('0') },
    into: 'main',
    branch: 'coppice/fix-login',
    path: '/srv/repo.worktrees/fix-login',
  },
  'task.recovered': recoveredAs('active'),
  'task.parked': { reason: 'lunch' },
  'task.resumed': {},
  'task.abandoned': { reason: 'obsolete' },
  'task.restored': {},
  'worktree.created': { gitDir: '/srv/repo/.git/worktrees/fix-login', head: oid('0') },
  'worktree.creation-failed': { attempt: 1, final: false, failure },
  'worktree.removed': {},
  'worktree.lost': {},
  'worktree.rebuilt': { gitDir: '/srv/repo/.git/worktrees/fix-login1', head: oid('0'), checkpoint: 1 },
  'checkpoint.taken': { checkpoint, message: null },
  'merge.requested': merge,
  'merge.prepared': prepared,
  'merge.verified': { commit: prepared.commit },
  'merge.base-moved': { expected: prepared.base, actual: oid('5') },
  'merge.conflicted': conflict,
  'merge.rejected': rejection,
  'merge.landed': { commit: prepared.commit, into: 'main', strategy: 'squash' },
  'agent.started': agent,
  'agent.exited': { pid: agent.pid, exitCode: 0, signal: null },
}

/** Plausible data for every command; where a command and a fact share their data, they share the sample. */
export const commandData: CommandData = {
  'task.request': factData['task.requested'],
  'task.recover': recoveredAs('active'),
  'task.checkpoint': { checkpoint, message: 'after the first edit' },
  'task.merge': merge,
  'task.park': factData['task.parked'],
  'task.resume': {},
  'task.abandon': factData['task.abandoned'],
  'task.restore': {},
  'worktree.report-created': factData['worktree.created'],
  'worktree.report-creation-failure': { failure, retryable: true },
  'worktree.report-pinned': { checkpoint },
  'worktree.report-removed': {},
  'worktree.report-lost': {},
  'worktree.report-rebuilt': factData['worktree.rebuilt'],
  'merge.report-prepared': prepared,
  'merge.report-verified': { commit: prepared.commit },
  'merge.report-base-moved': factData['merge.base-moved'],
  'merge.report-conflicted': conflict,
  'merge.report-rejected': rejection,
  'merge.report-landed': { commit: prepared.commit },
  'agent.report-started': agent,
  'agent.report-exited': factData['agent.exited'],
}

export const COMMAND_TYPES = Object.keys(commandData) as CommandType[]

/** A fact with plausible data, or with the data given. */
export function fact<T extends FactType>(type: T, data: FactData[T] = factData[type]): FactOf<T> {
  return { type, at: AT, data }
}

/** A creation that failed for good. */
export const finalFailure = fact('worktree.creation-failed', { attempt: 1, final: true, failure })

/** A command with plausible data, or with the data given. */
export function command<T extends CommandType>(
  type: T,
  data: CommandData[T] = commandData[type],
): CommandOf<T> {
  return { type, at: AT, data } as Command as CommandOf<T>
}
