import type { ObjectStore } from './objects.js'

/** The commits that a commit reaches, itself included. */
export function historyOf(objects: ObjectStore, ...tips: readonly string[]): ReadonlySet<string> {
  const seen = new Set(tips)
  for (const commit of seen) for (const parent of objects.commit(commit).parents) seen.add(parent)
  return seen
}

/** Whether a commit is in the history of another one; it is in its own. */
export function isAncestor(objects: ObjectStore, commit: string, of: string): boolean {
  if (commit === of) return true
  const seen = new Set([of])
  for (const each of seen) {
    for (const parent of objects.commit(each).parents) {
      if (parent === commit) return true
      seen.add(parent)
    }
  }
  return false
}

/** The newest commits that two have in common: those that no other common one reaches. Several, where two lines crossed. */
export function mergeBases(objects: ObjectStore, one: string, other: string): readonly string[] {
  const known = historyOf(objects, other)
  const common = [...historyOf(objects, one)].filter((commit) => known.has(commit))
  const older = new Set(
    common.flatMap((commit) => [...historyOf(objects, ...objects.commit(commit).parents)]),
  )
  return common.filter((commit) => !older.has(commit))
}

/** The commits that one reaches and another does not, parents before their children. */
export function commitsSince(objects: ObjectStore, base: string, tip: string): readonly string[] {
  const seen = new Set(historyOf(objects, base))
  const ordered: string[] = []
  const visit = (commit: string): void => {
    if (seen.has(commit)) return
    seen.add(commit)
    for (const parent of objects.commit(commit).parents) visit(parent)
    ordered.push(commit)
  }
  visit(tip)
  return ordered
}
