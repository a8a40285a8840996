import type { Survey, TaskSight } from '../ports/survey.js'
import type { TaskState } from '../task/state.js'
import type { Books } from './books.js'
import { connectionDrifts, foundAgain, placeTaken } from './connection.js'
import { refuses, repairs, type Drift } from './drift.js'
import { isLost } from './lost.js'

/** The directories of the tasks' worktrees: gone, moved, replaced, or cut off from git. */
export function placeDrifts({ tasks }: Books, survey: Survey): Drift[] {
  return tasks.flatMap((task) => {
    const sight = survey.tasks[task.id]
    if (sight === undefined) return []
    if (task.worktree !== 'present') return occupied(task, sight)
    return sight.place.standing === 'directory' ? connectionDrifts(task, sight) : absence(task, sight)
  })
}

function absence(task: TaskState, { place, movedTo }: TaskSight): Drift[] {
  const { id, path } = task
  if (movedTo !== null) return [foundAgain(task, movedTo)]
  if (place.standing !== 'nothing') return [placeTaken(task)]
  if (!isLost(task, place.standing)) return []
  return [
    {
      code: 'worktree-missing',
      task: id,
      subject: path,
      meaning: 'the worktree’s directory is gone',
      severity: 'error',
      remedy: repairs('make it anew, from its branch and the newest checkpoint', {
        kind: 'settle',
        task: id,
      }),
    },
  ]
}

/** Something in the place of a worktree that the log says is not there. */
function occupied({ id, path, status, worktree }: TaskState, { place }: TaskSight): Drift[] {
  if (worktree !== 'absent' || place.standing === 'nothing') return []
  return [
    {
      code: 'place-occupied',
      task: id,
      subject: path,
      meaning: `something stands where the worktree of ${id}, which is ${status}, would come back`,
      severity: status === 'parked' ? 'warning' : 'note',
      remedy: refuses('it is not ours by the log; move it away before the task comes back'),
    },
  ]
}
