import type { Place } from '../git/place.js'
import { git } from '../git/run.js'
import type { Site } from '../site.js'
import { filteredPaths } from './filtered.js'
import type { IndexCopy } from './index-copy.js'
import type { IndexEntry } from './index-file.js'

const FILE_TYPE = 0o170000
const REGULAR_FILE = 0o100000

/**
 * The entries whose files have to be looked at although the index takes them for unchanged: the agent had git assume
 * so; they may have changed within the second; or they are not the bytes of their objects, for line ends were
 * converted or identifiers filled in, which their sizes tell. What a filter of the user's made of an object (Git LFS,
 * for one) is left to the filter, which makes it again, unless it may have changed since to the nanosecond.
 */
export async function doubtfulEntries(
  site: Site,
  workTree: string,
  { entries, isRacy }: IndexCopy,
): Promise<readonly IndexEntry[]> {
  const converted = await convertedEntries(site.repository.place, entries)
  const doubtful = entries.filter((entry) => {
    return entry.assumeUnchanged || isRacy(entry, 'seconds') || converted.has(entry)
  })
  const paths = doubtful.map(({ path }) => path)
  const filtered = await filteredPaths(site, { workTree }, paths)
  return doubtful.filter((entry) => {
    const isFiltered = filtered.has(entry.path.toString('latin1'))
    return !isFiltered || entry.assumeUnchanged || isRacy(entry, 'nanoseconds')
  })
}

async function convertedEntries(
  place: Place,
  entries: readonly IndexEntry[],
): Promise<ReadonlySet<IndexEntry>> {
  const seen = entries.filter(({ mode, stage, size }) => {
    return (mode & FILE_TYPE) === REGULAR_FILE && stage === 0 && size > 0
  })
  if (seen.length === 0) return new Set()
  const input = seen.map(({ oid }) => `${oid}\n`).join('')
  const { stdout } = await git(place, { args: ['cat-file', '--batch-check=%(objectsize)'], input })
  const sizes = stdout.toString('latin1').split('\n').map(Number)
  // The index keeps the lower 32 bits of a size; an object that is missing has none.
  return new Set(seen.filter(({ size }, index) => (sizes[index] ?? NaN) % 2 ** 32 !== size))
}
