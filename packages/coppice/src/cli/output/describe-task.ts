import type { Landing, Setback, TaskState } from '@coppice/core'
import { fileList, short } from './describe-fact.js'
import { table } from './table.js'

/** All that a person wants to know of one task, a line each. */
export function taskDetails(task: TaskState, agentIsAlive: boolean): string {
  const { checkpoint, agent, landing, failure } = task
  const lines: readonly (readonly [string, string | null])[] = [
    ['title', task.title],
    ['branch', task.branch],
    ['path', task.path],
    ['base', `${task.base.ref} (${short(task.base.commit)})`],
    ['into', task.into],
    ['worktree', task.worktree],
    ['pinned', checkpoint && `checkpoint ${checkpoint.number} (${short(checkpoint.commit)})`],
    ['uncaptured', checkpoint && (fileList(checkpoint.uncaptured, checkpoint.uncaptured.length) || null)],
    [
      'agent',
      agent && `${agent.command.join(' ')} (process ${agent.pid}, ${agentIsAlive ? 'running' : 'gone'})`,
    ],
    ['merging', task.merge && `${task.merge.strategy} into ${task.merge.into}`],
    ['setback', task.setback && setbackText(task.setback)],
    ['landed', landing && landingText(landing)],
    ['failure', failure && failure.message],
    ['requested', task.requestedAt],
    ['updated', task.updatedAt],
  ]
  const known = lines.flatMap(([name, value]) => (value === null ? [] : [[`  ${name}`, value]]))
  return `${task.id} is ${task.status}\n${table(known)}`
}

function landingText({ commit, into, strategy }: Landing): string {
  return `${short(commit)} on ${into}${strategy === null ? '' : ` (${strategy})`}`
}

/** Tasks as a table, one a line. */
export function taskTable(tasks: readonly TaskState[]): string {
  if (tasks.length === 0) return ''
  const rows = tasks.map((task) => [task.id, task.status, task.branch, task.updatedAt, task.title ?? ''])
  return table([['TASK', 'STATUS', 'BRANCH', 'UPDATED', 'TITLE'], ...rows])
}

/** Why a merge came back, in one line. */
export function setbackText(setback: Setback): string {
  return setback.kind === 'conflicted'
    ? `conflicts in ${fileList(setback.files, setback.fileCount)}`
    : `${setback.reason}: ${setback.message}`
}
