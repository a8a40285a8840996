import type { Difference } from '../git/differences.js'
import { joinNul, splitNul } from '../git/nul.js'
import type { Place } from '../git/place.js'
import { git } from '../git/run.js'
import { privateGit } from '../repository/private-git.js'
import type { Site } from '../site.js'

/** Those of some paths that attributes give to a filter which the user has configured, as Latin-1 text. Runs no filter. */
export async function filteredPaths(
  site: Site,
  files: { readonly workTree: string; readonly indexFile?: string },
  paths: readonly Buffer[],
): Promise<Set<string>> {
  const { filters } = site.repository
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
 * Those of some filtered paths whose files are what the filter makes of the staged object, so that nobody has changed
 * them: git could not tell, because file and index are of the same moment. The filter is the user's, and it gets what
 * a checkout would give it.
 */
export async function untouchedPaths(
  repository: Place,
  files: { readonly workTree: string; readonly indexFile: string },
  differences: readonly Difference[],
): Promise<readonly Difference[]> {
  const place = { ...repository, ...files }
  const found: Difference[] = []
  for (const difference of differences) {
    const { path, from, to } = difference
    if (from === null || to === null || from.mode !== to.mode) continue
    const args = ['cat-file', '--filters', `--path=${path.toString('utf8')}`, from.oid]
    const made = await git(place, { args, answers: [128] })
    const there = await git(place, { args: ['cat-file', 'blob', to.oid] })
    if (made.exitCode === 0 && made.stdout.equals(there.stdout)) found.push(difference)
  }
  return found
}
