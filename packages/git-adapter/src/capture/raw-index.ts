import { resolve } from '../git/objects.js'
import type { Place } from '../git/place.js'
import { gitLine } from '../git/run.js'
import type { IndexEntry } from './index-file.js'
import { canonicalIndex } from './index-rewrite.js'

const SUBMODULE = 0o160000

/** Whether a tree cannot say all of an entry whose path it can have: the sides of a conflict, what the agent told git of the path. */
export function keepsMoreThanATree({
  stage,
  intentToAdd,
  assumeUnchanged,
  skipWorktree,
}: IndexEntry): boolean {
  return stage > 0 || intentToAdd || assumeUnchanged || skipWorktree
}

export interface StoredIndex {
  readonly blob: string
  /** Every object that the index names, once, as `<mode> <type> <id>`. */
  readonly objects: readonly string[]
}

/** Keeps an index as a file, where a tree is not enough. */
export async function storeIndex(
  place: Place,
  entries: readonly IndexEntry[],
  oidLength: number,
): Promise<StoredIndex> {
  const args = ['hash-object', '-w', '--no-filters', '--stdin']
  const blob = await gitLine(place, { args, input: canonicalIndex(entries, oidLength) })
  // A submodule's commit is in a repository of its own; an empty blob that was only announced may not exist.
  const named = entries.filter(({ mode, intentToAdd }) => mode !== SUBMODULE && !intentToAdd)
  const absent = await absentIn(place, named)
  const held = named.filter((entry) => !absent.has(entry))
  return { blob, objects: [...new Set(held.map(({ oid }) => `100644 blob ${oid}`))] }
}

/** A tree with a stored index and all that it names, which git does not follow by itself, beside what is staged as a tree. */
export async function holderOf(
  place: Place,
  { blob, objects }: StoredIndex,
  staged: string,
): Promise<string> {
  const names = objects.map((object, number) => `${object}\t${number}\n`)
  const all = await gitLine(place, { args: ['mktree'], input: names.join('') })
  const entries = [
    `100644 blob ${blob}\tindex`,
    `040000 tree ${all}\tobjects`,
    `040000 tree ${staged}\tstaged`,
  ]
  return gitLine(place, { args: ['mktree'], input: `${entries.join('\n')}\n` })
}

/** Those entries whose content a partial clone does not have, because a sparse checkout leaves them out. */
export async function absentIn(
  place: Place,
  entries: readonly IndexEntry[],
): Promise<ReadonlySet<IndexEntry>> {
  if (place.isPartial !== true || entries.length === 0) return new Set()
  const oids = entries.map(({ oid }) => oid)
  // Asked about what is promised, git fails.
  const found = await resolve({ ...place, isPartial: false }, oids)
  return new Set(entries.filter((_, index) => found[index] === null))
}
