import type { EntrySight, TaskSight } from '../ports/survey.js'
import type { TaskState } from '../task/state.js'
import { refuses, repairs, type Drift } from './drift.js'

/** Git's directory of a task's own worktree: files in it that are damaged, and a person's lock. */
export function ownEntryDrifts(task: TaskState, sight: TaskSight | undefined): Drift[] {
  const entry = sight?.entry
  if (entry == null || sight === undefined || task.worktree !== 'present') return []
  if (entry.gitDir !== task.gitDir || sight.place.names !== entry.gitDir) return lockedBy(task, entry)
  return [
    ...brokenFile(task, entry, 'gitdir', entry.path, task.path, `${task.path}/.git\n`),
    // An empty one is told of apart, for it harms all.
    ...(entry.commondir === ''
      ? []
      : brokenFile(task, entry, 'commondir', entry.commondir, '../..', '../..\n')),
    ...brokenHead(task, entry, sight.tip),
    ...lockedBy(task, entry),
  ]
}

function brokenFile(
  task: TaskState,
  { gitDir }: EntrySight,
  name: 'gitdir' | 'commondir',
  actual: string | null,
  wanted: string,
  content: string,
): Drift[] {
  if (actual === wanted) return []
  const path = `${gitDir}/${name}`
  const was = actual !== null && name === 'gitdir' ? `${actual}/.git` : actual
  return [
    {
      code: 'entry-broken',
      task: task.id,
      subject: path,
      meaning: 'it does not say what it must, and git may take the worktree for one that is gone',
      severity: 'error',
      remedy: repairs('write what belongs in it', { kind: 'write-file', path, was, content }),
    },
  ]
}

/** A HEAD that no git would write; one on a branch without a commit is none. */
function brokenHead(task: TaskState, entry: EntrySight, tip: string | null): Drift[] {
  const { gitDir, head, branch, commit, lastCommit } = entry
  if (branch !== null || commit !== null) return []
  const isDetached = lastCommit !== null && tip !== null && lastCommit !== tip
  const content = isDetached ? `${lastCommit}\n` : `ref: refs/heads/${task.branch}\n`
  const path = `${gitDir}/HEAD`
  const does = isDetached ? `put it at ${lastCommit}, where it was last` : `put it on ${task.branch}`
  return [
    {
      code: 'head-broken',
      task: task.id,
      subject: path,
      meaning: 'it names no commit, so that git does not know the worktree and `git gc` fails',
      severity: 'error',
      remedy: repairs(`${does}; index and files stay`, { kind: 'write-file', path, was: head, content }),
    },
  ]
}

function lockedBy({ id, path }: TaskState, { locked }: EntrySight): Drift[] {
  if (locked === null) return []
  return [
    {
      code: 'worktree-locked',
      task: id,
      subject: path,
      meaning: `the worktree is locked (${locked || 'no reason given'}), so it will not be taken away`,
      severity: 'note',
      remedy: refuses('the lock is a person’s; `git worktree unlock` opens it'),
    },
  ]
}
