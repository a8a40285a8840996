import { GitError } from '../errors/git-errors.js'
import { checkedOut } from '../git/checked-out.js'
import type { Difference } from '../git/differences.js'
import { joinNul, splitNul } from '../git/nul.js'
import type { FilePlace } from '../git/place.js'
import { git } from '../git/run.js'
import { privateGit } from '../repository/private-git.js'
import type { Site } from '../site.js'

/** Those of some paths that attributes give to one of some filters, as Latin-1 text; by default to any that the user has. Runs no filter. */
export async function filteredPaths(
  site: Site,
  files: { readonly workTree: string; readonly indexFile?: string },
  paths: readonly Buffer[],
  filters = site.repository.settings.filters,
): Promise<Set<string>> {
  const found = new Set<string>()
  if (filters.size === 0 || paths.length === 0) return found
  const place = { ...(await privateGit(site, 'plain')), ...files }
  const command = { args: ['check-attr', '-z', '--stdin', 'filter'], input: joinNul(paths) }
  const fields = splitNul((await git(place, command)).stdout).map((field) => field.toString('latin1'))
  for (let at = 0; at + 2 < fields.length; at += 3) {
    if (filters.has(fields[at + 2] ?? '')) found.add(fields[at] ?? '')
  }
  return found
}

/**
 * Whether a file is what the user's filter makes of the staged object, so that nobody has changed it: git could not tell,
 * because file and index are of the same moment. The filter gets what a checkout would give it.
 */
export async function isUntouched(place: FilePlace, { path, from, to }: Difference): Promise<boolean> {
  if (from === null || to === null || from.mode !== to.mode) return false
  const made = await checkedOut(place, path, from.oid).catch((error: unknown) => {
    // A filter may fail, as Git LFS does without its store.
    if (error instanceof GitError) return null
    throw error
  })
  const there = await git(place, { args: ['cat-file', 'blob', to.oid] })
  return made?.equals(there.stdout) === true
}
