import { mergeBases } from './ancestry.js'
import { type Files, type ModelFile } from './files.js'
import { mergeFiles, type MergedFiles } from './merge-files.js'
import type { ObjectStore } from './objects.js'

/**
 * Merges two commits' files from what they have in common. Where two lines crossed there are several such commits, and
 * they are merged first, as git does.
 *
 * @throws {Error} when the two have no history in common, which git refuses to merge, too
 */
export function mergeCommits(objects: ObjectStore, ours: string, theirs: string): MergedFiles {
  const [first, ...others] = mergeBases(objects, ours, theirs)
  if (first === undefined) throw new Error('refusing to merge unrelated histories')
  let base = objects.filesAt(first)
  let at = first
  for (const other of others) {
    const { files, conflicts } = mergeFiles(commonFiles(objects, at, other), base, objects.filesAt(other))
    base = marked(files, conflicts)
    at = other
  }
  return mergeFiles(base, objects.filesAt(ours), objects.filesAt(theirs))
}

function commonFiles(objects: ObjectStore, one: string, other: string): Files {
  const [common] = mergeBases(objects, one, other)
  return common === undefined ? new Map() : objects.filesAt(common)
}

/** A path in conflict is like neither side, so that both have changed it. */
function marked(files: Files, conflicts: readonly string[]): Files {
  const all = new Map<string, ModelFile>(files)
  for (const path of conflicts) all.set(path, { mode: '100644', content: '<<<<<<< both sides >>>>>>>' })
  return all
}
