import { splitNul } from '../git/nul.js'
import type { Place } from '../git/place.js'
import { git } from '../git/run.js'
import { gitFailure } from '../errors/git-errors.js'

export type MergedTree =
  | { readonly clean: true; readonly tree: string }
  | { readonly clean: false; readonly files: readonly string[] }

/** Merges two commits in the object database; no file is checked out. */
export async function mergeTrees(
  place: Place,
  ours: string,
  theirs: string,
  signal?: AbortSignal,
): Promise<MergedTree> {
  const args = ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', ours, theirs]
  const { exitCode, stdout, stderr } = await git(place, { args, answers: [1] }, signal)
  const [tree, ...names] = splitNul(stdout).map((field) => field.toString('utf8'))
  // A revision that names nothing exits 1 too, as a conflict does, but without a tree.
  if (tree === undefined || !/^[0-9a-f]{40,64}$/.test(tree)) throw gitFailure(args, exitCode, stderr)
  return exitCode === 0 ? { clean: true, tree } : { clean: false, files: conflicted(names) }
}

/** With submodules prose follows the names, after an empty field. */
function conflicted(names: readonly string[]): readonly string[] {
  const end = names.indexOf('')
  return [...new Set(end === -1 ? names : names.slice(0, end))]
}
