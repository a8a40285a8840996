import type { Leftover, Survey } from '../ports/survey.js'
import { nextEffect } from '../effects/next-effect.js'
import type { TaskState } from '../task/state.js'
import type { Books } from './books.js'
import { refuses, repairs, type Drift } from './drift.js'

/** What interrupted effects have left beside the worktrees, of tasks that owe nothing that would clear it away. */
export function leftoverDrifts({ tasks }: Books, { leftovers }: Survey): Drift[] {
  const byId = new Map(tasks.map((task) => [task.id, task]))
  return leftovers.flatMap((leftover) => {
    if (leftover.kind === 'entry-trash') return [entryTrash(leftover)]
    const task = byId.get(leftover.task ?? '')
    if (task === undefined) return [unknown(leftover)]
    if (nextEffect(task) !== null) return []
    return [leftover.kind === 'trash' ? trash(task, leftover) : halfMade(task, leftover)]
  })
}

function entryTrash({ path }: Leftover): Drift {
  return {
    code: 'entry-trash',
    task: null,
    subject: path,
    meaning: 'entries of worktrees that were thrown away are not yet deleted',
    severity: 'warning',
    remedy: repairs('delete them', { kind: 'empty-entry-trash' }),
  }
}

function trash({ id }: TaskState, { path }: Leftover): Drift {
  return {
    code: 'trash-left',
    task: id,
    subject: path,
    meaning: 'a worktree that was given back, with all of it pinned, is not yet deleted',
    severity: 'warning',
    remedy: repairs('delete it', { kind: 'empty-trash', task: id }),
  }
}

function halfMade({ id }: TaskState, { path }: Leftover): Drift {
  return {
    code: 'half-made',
    task: id,
    subject: path,
    meaning: 'a worktree was begun here and never finished',
    severity: 'warning',
    remedy: repairs('throw it away; nobody ever worked in it', { kind: 'uproot', task: id, staging: path }),
  }
}

function unknown({ path }: Leftover): Drift {
  return {
    code: 'half-made',
    task: null,
    subject: path,
    meaning: 'it is named like something of ours, and the log knows nothing of its task',
    severity: 'note',
    remedy: refuses('what is not ours by the log is never touched'),
  }
}
