import type { Survey, TaskSight } from '../ports/survey.js'
import type { Landing } from '../task/merge.js'
import type { TaskState } from '../task/state.js'
import { isFinished } from '../task/status.js'
import type { Books } from './books.js'
import { refuses, repairs, type Drift } from './drift.js'

/** Branches to merge into: gone, or moved to where what has landed is not in them any more, nor anywhere else. */
export function landingDrifts({ tasks }: Books, survey: Survey): Drift[] {
  return tasks.flatMap((task) => {
    const sight = survey.tasks[task.id]
    if (sight === undefined) return []
    if (task.landing !== null && sight.landed === false) return [unreachable(task, task.landing, survey)]
    return isFinished(task.status) ? [] : targetMissing(task, sight)
  })
}

function unreachable({ id }: TaskState, { commit, into }: Landing, { refs, commits }: Survey): Drift {
  const pin = `refs/coppice/${id}/landed/${commit}`
  const back = `\`git branch <name> ${commit}\` brings it back; the branch itself is yours, and is never moved`
  const about = {
    code: 'landing-unreachable',
    task: id,
    subject: `refs/heads/${into}`,
    meaning: `the branch was deleted or moved, and ${commit}, which landed on it, is not in it any more, nor in another of yours`,
  } as const
  if (!commits.includes(commit)) {
    return { ...about, severity: 'error', remedy: refuses('the commit is gone from the repository') }
  }
  if (refs[pin] === commit) return { ...about, severity: 'note', remedy: refuses(`${pin} holds it; ${back}`) }
  const action = { kind: 'move-ref', ref: pin, from: null, to: commit } as const
  return { ...about, severity: 'warning', remedy: repairs(`pin the commit; ${back}`, action) }
}

function targetMissing({ id, into }: TaskState, { target }: TaskSight): Drift[] {
  if (into === null || target !== null) return []
  return [
    {
      code: 'target-missing',
      task: id,
      subject: `refs/heads/${into}`,
      meaning: 'the branch that the task is to be merged into is gone',
      severity: 'warning',
      remedy: refuses('the branch is yours: make it again, or name another one with `coppice merge --into`'),
    },
  ]
}
