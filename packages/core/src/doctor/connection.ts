import type { TaskSight } from '../ports/survey.js'
import type { TaskState } from '../task/state.js'
import { refuses, repairs, type Drift } from './drift.js'
import { isLiving } from './lost.js'

/** What ties a worktree's directory to git: its `.git` file, and git's entry of it. */
export function connectionDrifts(task: TaskState, sight: TaskSight): Drift[] {
  const { place, entry, content, movedTo, recorded } = sight
  const { id, path, gitDir } = task
  if (gitDir === null) return []
  if (movedTo !== null) return [foundAgain(task, movedTo)]
  if (entry !== null && entry.gitDir !== gitDir) return [recorded ? copied(task) : placeTaken(task)]
  const about = { task: id, severity: 'error' as const }
  if (place.names === gitDir) {
    if (entry !== null) return []
    const does = 'make the entry anew: HEAD on the branch, the index of its commit; the files stay'
    const meaning = 'git has lost its entry of the worktree, so that no git command works in it'
    const remedy = repairs(does, { kind: 'remake-entry', task: id })
    return [{ ...about, code: 'entry-missing', subject: gitDir, meaning, remedy }]
  }
  if (entry === null || !entry.marked || entry.path !== path) return [placeTaken(task)]
  if (content === 'empty' && isLiving(task.status)) return [emptied(task)]
  if (content !== 'own') return [placeTaken(task)]
  const action = { kind: 'point-worktree', task: id, path, gitDir, names: place.names } as const
  const does = 'keep what is there aside, and write what belongs there'
  const meaning = 'it does not name the worktree’s git directory any more'
  const remedy = repairs(does, action)
  return [{ ...about, code: 'pointer-broken', subject: `${path}/.git`, meaning, remedy }]
}

/** Somebody has made the directory again, and nothing of the worktree is in it. */
function emptied({ id, path }: TaskState): Drift {
  return {
    code: 'worktree-missing',
    task: id,
    subject: path,
    meaning: 'the worktree is gone, and an empty directory is in its place',
    severity: 'error',
    remedy: repairs('take that away, and make the worktree anew from its branch and the newest checkpoint', {
      kind: 'find-again',
      task: id,
    }),
  }
}

/** The worktree or the repository was moved, and they can find one another. */
export function foundAgain({ id, path, status }: TaskState, now: string): Drift {
  const hasMoved = now !== path
  return {
    code: hasMoved ? 'worktree-moved' : 'repository-moved',
    task: id,
    subject: now,
    meaning: hasMoved
      ? `the worktree was at ${path}, and is here now`
      : 'the repository was moved away from it',
    severity: 'error',
    remedy: isLiving(status)
      ? repairs('tie worktree and repository together again, and record where they are', {
          kind: 'find-again',
          task: id,
        })
      : refuses(`it was about to be taken away; move it back to ${path}, or remove it by hand`),
  }
}

/** A copy has the log of the original, and must not lay hands on its worktrees. */
function copied({ id, path }: TaskState): Drift {
  return {
    code: 'place-occupied',
    task: id,
    subject: path,
    meaning: 'this repository is a copy, and the worktree is that of the original',
    severity: 'error',
    remedy: refuses(
      'the original’s worktrees are left alone; to go on here apart from it, delete `coppice` and `worktrees` in the copy’s git directory, then `coppice repair --new-log` takes up the tasks, parked',
    ),
  }
}

export function placeTaken({ id, path }: TaskState): Drift {
  return {
    code: 'place-occupied',
    task: id,
    subject: path,
    meaning: 'what stands in the worktree’s place is not the worktree that was made there',
    severity: 'error',
    remedy: refuses('nothing tells that it is ours; move it away, and the worktree is made anew'),
  }
}
