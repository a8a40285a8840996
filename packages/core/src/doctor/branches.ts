import type { Survey, TaskSight } from '../ports/survey.js'
import type { TaskState } from '../task/state.js'
import type { Books } from './books.js'
import { leftBranch } from './left-branch.js'
import { refuses, repairs, type Drift } from './drift.js'

/** The tasks' branches: gone, moved by somebody else, left over; and branches like ours that are none. */
export function branchDrifts({ tasks }: Books, survey: Survey): Drift[] {
  const ours = new Set(tasks.map(({ branch }) => `refs/heads/${branch}`))
  const own = tasks.flatMap((task) => {
    const sight = survey.tasks[task.id]
    if (sight === undefined) return []
    if (needsBranch(task)) return sight.tip === null ? [missing(task, sight)] : moved(task, sight, sight.tip)
    return task.worktree === 'absent' ? leftBranch(task, sight, survey) : []
  })
  const prefix = `refs/heads/${survey.branchPrefix}`
  const others = Object.keys(survey.refs).filter((ref) => ref.startsWith(prefix) && !ours.has(ref))
  return [...own, ...others.map(foreign)]
}

function needsBranch({ status, worktree }: TaskState): boolean {
  return status === 'active' || status === 'merging' || (status === 'parked' && worktree !== 'lost')
}

function missing({ id, branch }: TaskState, { known }: TaskSight): Drift {
  const ref = `refs/heads/${branch}`
  return {
    code: 'branch-missing',
    task: id,
    subject: ref,
    meaning: 'the task’s branch was deleted behind the log’s back',
    severity: 'error',
    remedy:
      known === null
        ? refuses('no commit that it was ever at exists any more')
        : repairs(`make it again at ${known}, the last commit that is known of it`, {
            kind: 'move-ref',
            ref,
            from: null,
            to: known,
          }),
  }
}

function moved({ id, branch }: TaskState, { known, tipToKnown }: TaskSight, tip: string): Drift[] {
  if (known === null || tipToKnown === null || tipToKnown === 'same') return []
  const ref = `refs/heads/${branch}`
  const meaning = `the branch is at ${tip}, and was left at ${known}`
  const about = { code: 'branch-moved', task: id, subject: ref, meaning } as const
  if (tipToKnown === 'behind') {
    const action = { kind: 'move-ref', ref, from: tip, to: known } as const
    return [{ ...about, severity: 'error', remedy: repairs(`move it on to ${known} again`, action) }]
  }
  const why = 'it holds commits that Coppice did not see; a branch with somebody’s work is never moved'
  return [{ ...about, severity: 'warning', remedy: refuses(why) }]
}

function foreign(ref: string): Drift {
  return {
    code: 'branch-foreign',
    task: null,
    subject: ref,
    meaning: 'the branch is named like one of ours, and the log knows nothing of it',
    severity: 'note',
    remedy: refuses('what is not ours by the log is never touched'),
  }
}
