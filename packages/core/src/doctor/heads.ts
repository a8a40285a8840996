import type { EntrySight, Survey, TaskSight } from '../ports/survey.js'
import type { TaskState } from '../task/state.js'
import type { Books } from './books.js'
import { refuses, repairs, type Drift, type Remedy } from './drift.js'
import type { RepairAction } from './repair-action.js'

/** Worktrees whose HEAD is not on the task's branch. */
export function headDrifts({ tasks }: Books, survey: Survey): Drift[] {
  return tasks.flatMap((task) => {
    const sight = survey.tasks[task.id]
    const entry = sight?.entry
    if (sight === undefined || entry == null || task.worktree !== 'present') return []
    if (sight.place.names !== entry.gitDir || entry.gitDir !== task.gitDir) return []
    if (entry.operation !== null) return [inOperation(task, entry.operation)]
    return entry.branch === task.branch || entry.commit === null ? [] : [elsewhere(task, sight, entry)]
  })
}

function inOperation({ id, path }: TaskState, operation: string): Drift {
  return {
    code: 'operation-under-way',
    task: id,
    subject: path,
    meaning: `the worktree is in the middle of ${operation}`,
    severity: 'note',
    remedy: refuses('it is the agent’s to end or to abort'),
  }
}

function elsewhere(task: TaskState, sight: TaskSight, entry: EntrySight): Drift {
  const where = entry.branch === null ? `detached at ${entry.commit}` : `on ${entry.branch}`
  return {
    code: 'head-elsewhere',
    task: task.id,
    subject: `${entry.gitDir}/HEAD`,
    meaning: `HEAD is ${where} and not on ${task.branch}; a merge takes what HEAD is`,
    severity: 'warning',
    remedy: wayBack(task, sight, entry),
  }
}

/** The branch follows HEAD where it loses nothing by that, so that neither index nor files change. */
function wayBack({ branch }: TaskState, { tip, headToTip }: TaskSight, entry: EntrySight): Remedy {
  const attach: RepairAction = {
    kind: 'write-file',
    path: `${entry.gitDir}/HEAD`,
    was: entry.head,
    content: `ref: refs/heads/${branch}\n`,
  }
  if (headToTip === 'same') return repairs(`put HEAD on ${branch}, which is at the same commit`, attach)
  if (headToTip === 'ahead') {
    const ref = `refs/heads/${branch}`
    const follow: RepairAction = { kind: 'move-ref', ref, from: tip, to: entry.commit }
    return repairs(`move ${branch} on to ${entry.commit}, and put HEAD on it`, follow, attach)
  }
  const why = tip === null ? `${branch} is gone` : `${branch} has commits that HEAD has not`
  return refuses(`${why}; choose one of the two with \`git switch\` or \`git merge\` in the worktree`)
}
