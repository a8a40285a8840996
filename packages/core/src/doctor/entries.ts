import type { EntrySight, Survey } from '../ports/survey.js'
import type { TaskState } from '../task/state.js'
import { nextEffect } from '../effects/next-effect.js'
import type { Books } from './books.js'
import { refuses, repairs, type Drift } from './drift.js'
import { ownEntryDrifts } from './own-entry.js'

/** Git's entries of linked worktrees: ours that are damaged or left over, and those of others. */
export function entryDrifts({ tasks }: Books, survey: Survey): Drift[] {
  const byId = new Map(tasks.map((task) => [task.id, task]))
  return survey.entries.flatMap((entry) => {
    const task = entry.task === null ? undefined : byId.get(entry.task)
    const isOwn = task !== undefined && survey.tasks[task.id]?.entry?.gitDir === entry.gitDir
    const found = isOwn ? ownEntryDrifts(task, survey.tasks[task.id]) : strayEntry(task, entry)
    return [...poison(task, entry), ...found]
  })
}

/** What belongs in `commondir` is always the same, so mending it is right whoever made the entry. */
function poison(task: TaskState | undefined, { gitDir, commondir }: EntrySight): Drift[] {
  if (commondir !== '') return []
  const path = `${gitDir}/commondir`
  return [
    {
      code: 'entry-poisoned',
      task: task?.id ?? null,
      subject: path,
      meaning: 'the file is empty, and git fails over it whatever worktree it is asked about',
      severity: 'error',
      remedy: repairs('write what belongs in it', {
        kind: 'write-file',
        path,
        was: '',
        content: '../..\n',
      }),
    },
  ]
}

function strayEntry(task: TaskState | undefined, entry: EntrySight): Drift[] {
  const { gitDir, path, standing } = entry
  if (task === undefined) return [foreign(entry)]
  // What an effect has begun and still owes, it throws away itself.
  if (nextEffect(task) !== null) return []
  const isBegun = path === null || /\/\.(making|verifying)\/[^/]+$/.test(path)
  // Where its directory stands too, that is what is told, and what takes the entry along.
  if (isBegun) return standing === 'nothing' ? [halfMade(task, entry)] : []
  const about = { task: task.id, subject: gitDir, severity: 'warning' as const }
  if (standing !== 'nothing') {
    return [
      {
        ...about,
        code: 'entry-left',
        meaning: `git has a worktree at ${path} that bears the mark of ${task.id}, and the log does not know it`,
        remedy: refuses('something stands there; look at it, and remove it with `git worktree remove`'),
      },
    ]
  }
  return [
    {
      ...about,
      code: 'entry-left',
      meaning: `git still has an entry of a worktree of ${task.id} that is gone`,
      remedy: repairs('pin what only the entry holds, then remove it', {
        kind: 'drop-entry',
        task: task.id,
        gitDir,
      }),
    },
  ]
}

function halfMade({ id }: TaskState, { gitDir, path, task }: EntrySight): Drift {
  const staging = path ?? gitDir
  return {
    code: 'half-made',
    task: id,
    subject: gitDir,
    meaning: `git has an entry of a worktree of ${task ?? id} that was never finished`,
    severity: 'warning',
    remedy: repairs('throw it away; nobody ever worked in it', { kind: 'uproot', task: id, staging }),
  }
}

function foreign({ gitDir, path, task }: EntrySight): Drift {
  const whose =
    task === null ? 'it is not Coppice’s' : `it bears the mark of ${task}, of which the log knows nothing`
  return {
    code: 'worktree-foreign',
    task: null,
    subject: path ?? gitDir,
    meaning: `git has a worktree here, and ${whose}`,
    severity: 'note',
    remedy: refuses('what is not ours by the log is never touched'),
  }
}
