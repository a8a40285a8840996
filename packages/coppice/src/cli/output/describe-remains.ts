import type { Checkpoint, UnknownOfTask } from '@coppice/core'
import type { Remains, TaskRemains } from '../../recovery/find-remains.js'
import type { NewLogReport } from '../../recovery/start-new-log.js'
import { short } from './describe-fact.js'
import { printable } from './printable.js'

/** What git holds without a log, a block for each task. */
export function remainsLines({ tasks, gone, odd }: Remains): string[] {
  return [
    ...tasks.flatMap(taskLines),
    ...gone.map((id) => `${id}: the log spoke of it, and git holds nothing of it`),
    ...odd.map(({ subject, why }) => `left alone: ${printable(subject)}: ${printable(why)}`),
  ]
}

/** What a new log was begun with, or would be. */
export function newLogLines(report: NewLogReport): string[] {
  const { dryRun, isNeeded, keptAside, tasks } = report
  if (!isNeeded) return []
  const count = `${tasks.length} task${tasks.length === 1 ? '' : 's'}`
  return [
    ...remainsLines(report),
    ...(keptAside === null ? [] : [`kept as it was: ${printable(keptAside)}`]),
    dryRun
      ? `a new log would be begun with ${count}`
      : `a new log was begun with ${count}; their history is not in it`,
  ]
}

function taskLines({ id, recovered, tip, pins, uncommitted, problem }: TaskRemains): string[] {
  const { status, branch, path, checkpoint, landing, unknown } = recovered
  const refs = Object.keys(pins)
  const lines: readonly (string | null)[] = [
    tip === null ? null : `branch ${branch} at ${short(tip)}`,
    status === 'active' ? `worktree ${path}${WORK[String(uncommitted)] ?? ''}` : null,
    problem,
    checkpoint && checkpointText(checkpoint, pins[checkpoint.ref] === undefined),
    refs.length === 0 ? 'nothing is pinned' : `${refs.length} pinned below refs/coppice/${id}`,
    landing && `landed as ${short(landing.commit)} on ${landing.into}`,
    unknown.length === 0 ? null : `not known: ${unknown.map((field) => UNKNOWN[field]).join(', ')}`,
  ]
  const known = lines.flatMap((line) => (line === null ? [] : [`  ${printable(line)}`]))
  return [`${id}: ${status}`, ...known]
}

function checkpointText({ number, commit }: Checkpoint, isToBePinned: boolean): string {
  const text = `checkpoint ${number} (${short(commit)})`
  return isToBePinned ? `to be pinned as ${text}` : `newest: ${text}`
}

const WORK: Readonly<Record<string, string>> = {
  true: ', with work that is in no commit',
  false: ', all of it committed',
}

const UNKNOWN: Readonly<Record<UnknownOfTask, string>> = {
  title: 'its title',
  base: 'what it began with',
  into: 'where it is to be merged',
  agent: 'whether an agent is at work',
}
