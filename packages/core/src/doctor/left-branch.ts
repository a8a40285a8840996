import type { Survey, TaskSight } from '../ports/survey.js'
import type { TaskState } from '../task/state.js'
import { nextEffect } from '../effects/next-effect.js'
import { refuses, repairs, type Drift } from './drift.js'

/** A branch that the log says went with its worktree. It goes only if it is exactly what ours was. */
export function leftBranch(task: TaskState, { tip }: TaskSight, { checkedOut }: Survey): Drift[] {
  if (tip === null || nextEffect(task) !== null) return []
  const { id, branch, checkpoint, base } = task
  const ref = `refs/heads/${branch}`
  const meaning = `the branch is there, and the task is ${task.status}`
  const about = { code: 'branch-left', task: id, subject: ref, meaning } as const
  const wasOurs = [checkpoint?.tip, checkpoint?.head, base.commit].includes(tip)
  if (!wasOurs) {
    const why = 'somebody made it again, with commits that Coppice does not know'
    return [{ ...about, severity: 'note', remedy: refuses(why) }]
  }
  if (checkedOut.includes(branch)) {
    return [{ ...about, severity: 'note', remedy: refuses('it is checked out somewhere') }]
  }
  const pin = { kind: 'move-ref', ref: `refs/coppice/${id}/tips/${tip}`, from: null, to: tip } as const
  const drop = { kind: 'move-ref', ref, from: tip, to: null } as const
  return [{ ...about, severity: 'warning', remedy: repairs('pin its commit, then delete it', pin, drop) }]
}
