import { taskOf, type FactData, type FactType, type RecordedFact } from '@coppice/core'
import { printable } from './printable.js'

/** A fact as one line: position, time, task, type and what matters most of its data. */
export function factLine({ sequence, at, stream, type, data }: RecordedFact): string {
  const describe = DESCRIPTIONS[type] as (data: FactData[FactType]) => string
  const columns = [String(sequence).padStart(6), at, taskOf(stream) ?? stream, type, describe(data)]
  return columns.map(printable).join('  ').trimEnd()
}

const DESCRIPTIONS: { readonly [T in FactType]: (data: FactData[T]) => string } = {
  'task.requested': ({ base, branch, title }) =>
    `${branch} from ${base.ref} (${short(base.commit)})${title === null ? '' : `: ${title}`}`,
  'task.recovered': ({ status, branch, unknown }) =>
    `${status}, ${branch}${unknown.length === 0 ? '' : `; not known: ${unknown.join(', ')}`}`,
  'task.parked': ({ reason }) => reason ?? '',
  'task.resumed': () => '',
  'task.abandoned': ({ reason }) => reason ?? '',
  'task.restored': () => '',
  'worktree.created': ({ head }) => `at ${short(head)}`,
  'worktree.creation-failed': ({ attempt, final, failure }) =>
    `attempt ${attempt}${final ? ', the last' : ''}: ${failure.message}`,
  'worktree.removed': () => '',
  'worktree.lost': () => '',
  'worktree.rebuilt': ({ head, checkpoint }) =>
    checkpoint === null ? `at ${short(head)}` : `from checkpoint ${checkpoint}`,
  'checkpoint.taken': ({ checkpoint, message }) =>
    `${checkpoint.number} (${short(checkpoint.commit)})${message === null ? '' : `: ${message}`}`,
  'merge.requested': ({ strategy, into }) => `${strategy} into ${into}`,
  'merge.prepared': ({ commit, base }) => `${short(commit)} on ${short(base)}`,
  'merge.verified': ({ commit }) => short(commit),
  'merge.base-moved': ({ actual }) => (actual === null ? 'it is gone' : `it is at ${short(actual)} now`),
  'merge.conflicted': ({ files, fileCount }) => fileList(files, fileCount),
  'merge.rejected': ({ reason, message }) => `${reason}: ${message}`,
  'merge.landed': ({ commit, into, strategy }) => `${short(commit)} on ${into} (${strategy})`,
  'agent.started': ({ pid, command }) => `${command.join(' ')} (process ${pid})`,
  'agent.exited': (data) => exitText(data),
}

/** How a process ended, in words; both null where Coppice was not there to see it. */
export function exitText(exit: { readonly exitCode: number | null; readonly signal: string | null }): string {
  if (exit.exitCode !== null) return `exit code ${exit.exitCode}`
  return exit.signal === null ? 'unseen' : `ended by ${exit.signal}`
}

/** The file names that fit a line, and how many more there are. */
export function fileList(files: readonly string[], fileCount: number): string {
  const shown = files.slice(0, LISTED_FILES)
  const more = fileCount - shown.length
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ')
}

/** File names that a line of text lists; JSON has all. */
const LISTED_FILES = 10

/** The first characters of an object id, enough for a person. */
export function short(objectId: string): string {
  return objectId.slice(0, 10)
}
