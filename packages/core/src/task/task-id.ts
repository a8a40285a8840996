import { InvalidTaskIdError } from '../errors/task-errors.js'
import { MAX_TASK_ID_LENGTH } from './limits.js'

/** Device names that Windows reserves in every directory, with or without an extension. */
const RESERVED = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$/

const HINT = `use 1 to ${MAX_TASK_ID_LENGTH} of a-z 0-9 - _ . beginning with a letter or a digit, as in fix-login`

/**
 * Checks a task id and returns it. An id becomes a directory, a branch and a ref, on file systems that fold case
 * and on those that do not; what any of them could choke on is refused.
 *
 * @throws {InvalidTaskIdError} with what is wrong and an example of a good id
 */
export function parseTaskId(id: string): string {
  const problem = problemOf(id)
  if (problem !== null) throw new InvalidTaskIdError(id, problem, HINT)
  return id
}

function problemOf(id: string): string | null {
  if (typeof id !== 'string' || id === '') return 'it is empty'
  if (id.length > MAX_TASK_ID_LENGTH) return `it has ${id.length} characters`
  if (/[A-Z]/.test(id)) return 'it has capital letters, which some file systems do not tell from small ones'
  if (!/^[a-z0-9]/.test(id)) return 'it does not begin with a letter or a digit'
  const odd = /[^a-z0-9._-]/u.exec(id)
  if (odd !== null) return `it holds ${JSON.stringify(odd[0])}`
  if (id.includes('..')) return 'it holds ".."'
  if (id.endsWith('.') || id.endsWith('.lock')) return 'it ends in "." or ".lock"'
  if (RESERVED.test(id)) return 'the name is reserved on Windows'
  return null
}

/** The log stream that holds a task's facts. */
export function streamOf(id: string): string {
  return `task/${id}`
}

/** The task whose facts a stream holds, or null for a stream of another kind. */
export function taskOf(stream: string): string | null {
  return stream.startsWith('task/') ? stream.slice('task/'.length) : null
}
