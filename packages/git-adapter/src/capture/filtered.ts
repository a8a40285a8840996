import { joinNul, splitNul } from '../git/nul.js'
import { git } from '../git/run.js'
import { privateGit } from '../repository/private-git.js'
import type { Site } from '../site.js'

/** Those of some paths that attributes give to a filter which the user has configured, as Latin-1 text. Runs no filter. */
export async function filteredPaths(
  site: Site,
  files: { readonly workTree: string; readonly indexFile?: string },
  paths: readonly Buffer[],
): Promise<ReadonlySet<string>> {
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
