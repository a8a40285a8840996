import type { Place } from './place.js'
import { OBJECT_FORMAT, readObjects } from './object-reader.js'
import { gitLine, git } from './run.js'

/** Who a commit is by, and when: ISO 8601 in UTC. */
export interface Signature {
  readonly name: string
  readonly email: string
  readonly at: string
}

/** Resolves revisions to object ids in one process; null for each that names nothing. */
export async function resolve(place: Place, revisions: readonly string[]): Promise<(string | null)[]> {
  return (await resolveSized(place, revisions)).map((found) => found?.oid ?? null)
}

export interface SizedObject {
  readonly oid: string
  /** Bytes. */
  readonly size: number
}

/** The same with the objects' sizes. */
export async function resolveSized(
  place: Place,
  revisions: readonly string[],
): Promise<(SizedObject | null)[]> {
  if (revisions.length === 0) return []
  const lines = (await readObjects(place, revisions)) ?? (await batchCheck(place, revisions))
  return lines.map(sizedObject)
}

/** What is said of one that is missing, or of a name that is ambiguous, ends in a word. */
function sizedObject(line: string): SizedObject | null {
  const end = line.lastIndexOf(' ')
  const size = line.slice(end + 1)
  return OID_LENGTHS.has(end) && /^\d+$/.test(size) ? { oid: line.slice(0, end), size: Number(size) } : null
}

const OID_LENGTHS = new Set([40, 64])

/** The same by a process of its own, which fails where an object is damaged. */
async function batchCheck(place: Place, revisions: readonly string[]): Promise<readonly string[]> {
  const command = { args: ['cat-file', `--batch-check=${OBJECT_FORMAT}`], input: `${revisions.join('\n')}\n` }
  const lines = (await git(place, command)).stdout.toString('utf8').trimEnd().split('\n')
  return revisions.map((_, index) => lines[index] ?? '')
}

export async function resolveOne(place: Place, revision: string): Promise<string | null> {
  const [id] = await resolve(place, [revision])
  return id ?? null
}

export interface NewCommit {
  readonly tree: string
  readonly parents: readonly string[]
  readonly message: string
  readonly author: Signature
  readonly committer: Signature
}

/** Writes a commit object and answers with its id; the same input always gives the same id. */
export function commitTree(place: Place, commit: NewCommit, signal?: AbortSignal): Promise<string> {
  const { author, committer } = commit
  const variables = {
    ...place.variables,
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_AUTHOR_DATE: author.at,
    GIT_COMMITTER_NAME: committer.name,
    GIT_COMMITTER_EMAIL: committer.email,
    GIT_COMMITTER_DATE: committer.at,
  }
  const parents = commit.parents.flatMap((parent) => ['-p', parent])
  return gitLine(
    { ...place, variables },
    { args: ['commit-tree', commit.tree, ...parents], input: commit.message },
    signal,
  )
}

/** The tree of an index. Of a partial clone it may name what nobody has fetched yet, and is the same tree with it. */
export function writeTree(place: Place, signal?: AbortSignal): Promise<string> {
  const args = ['write-tree', ...(place.isPartial === true ? ['--missing-ok'] : [])]
  return gitLine(place, { args }, signal)
}

/** Whether everything in `ancestor` is in `descendant` too; both are commits. */
export async function isAncestor(place: Place, ancestor: string, descendant: string): Promise<boolean> {
  if (ancestor === descendant) return true
  const args = ['merge-base', '--is-ancestor', ancestor, descendant]
  return (await git(place, { args, answers: [1] })).exitCode === 0
}

/** Whether all that a commit reaches is there, or is promised by the remote of a partial clone. Takes as long as its history. */
export async function isWhole(place: Place, commit: string): Promise<boolean> {
  const args = ['rev-list', '--objects', '--no-object-names', '--missing=allow-promisor', '--quiet', commit]
  return (await git(place, { args, answers: [1, 128] })).exitCode === 0
}
