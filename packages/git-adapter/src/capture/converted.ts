import { joinNul, splitNul } from '../git/nul.js'
import type { Place } from '../git/place.js'
import { git } from '../git/run.js'
import { privateGit } from '../repository/private-git.js'
import type { Site } from '../site.js'
import type { IndexEntry } from './index-file.js'

const REGULAR_FILE = 0o100000

/**
 * The entries whose files are not the bytes of their objects, although git takes them for unchanged: line ends were
 * converted, or identifiers filled in. Their sizes tell. What a filter of the user's made of an object (Git LFS, for
 * one) is left out, for the filter makes it again.
 */
export async function convertedEntries(
  site: Site,
  workTree: string,
  entries: readonly IndexEntry[],
): Promise<readonly IndexEntry[]> {
  const seen = entries.filter(
    ({ mode, stage, size }) => (mode & 0o170000) === REGULAR_FILE && stage === 0 && size > 0,
  )
  if (seen.length === 0) return []
  const sizes = await sizesOf(site.repository.place, seen)
  const converted = seen.filter(({ size }, index) => sizes[index] !== null && sizes[index] !== size)
  const paths = converted.map(({ path }) => path)
  const filtered = await filteredPaths(site, { workTree }, paths)
  return converted.filter(({ path }) => !filtered.has(path.toString('latin1')))
}

async function sizesOf(place: Place, entries: readonly IndexEntry[]): Promise<(number | null)[]> {
  const input = entries.map(({ oid }) => `${oid}\n`).join('')
  const { stdout } = await git(place, { args: ['cat-file', '--batch-check=%(objectsize)'], input })
  const lines = stdout.toString('latin1').split('\n')
  return entries.map((_, index) => {
    const size = Number(lines[index])
    // The index keeps the lower 32 bits of a size.
    return Number.isInteger(size) ? size % 2 ** 32 : null
  })
}

/** Those of some paths that a filter checks out which is configured for the whole repository, as Latin-1 text. */
export async function filteredPaths(
  site: Site,
  files: { readonly workTree: string; readonly indexFile?: string },
  paths: readonly Buffer[],
): Promise<ReadonlySet<string>> {
  const filters = paths.length === 0 ? new Set<string>() : await configuredFilters(site.repository.place)
  if (filters.size === 0) return filters
  const place = { ...(await privateGit(site, 'plain')), ...files }
  const { stdout } = await git(place, {
    args: ['check-attr', '-z', '--stdin', 'filter'],
    input: joinNul(paths),
  })
  const fields = splitNul(stdout).map((field) => field.toString('latin1'))
  const found = new Set<string>()
  for (let at = 0; at + 2 < fields.length; at += 3) {
    if (filters.has(fields[at + 2] ?? '')) found.add(fields[at] ?? '')
  }
  return found
}

async function configuredFilters(place: Place): Promise<ReadonlySet<string>> {
  const args = ['config', '--null', '--name-only', '--get-regexp', String.raw`^filter\..*\.(smudge|process)$`]
  const { stdout } = await git(place, { args, answers: [1] })
  return new Set(
    splitNul(stdout).map((key) => key.toString('latin1').replace(/^filter\.(.*)\.[a-z]+$/s, '$1')),
  )
}
