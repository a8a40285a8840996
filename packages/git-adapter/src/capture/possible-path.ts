import type { IndexEntry } from './index-file.js'

const FILE_TYPE = 0o170000
const SYMBOLIC_LINK = 0o120000

/** No path is impossible that has no part like these. Most have none, and there may be tens of thousands. */
const SUSPICIOUS = /(?:^|\/)(?:\.git|git~1|\.{0,2}(?:\/|$))/i

/** Parts that git has in no path; an agent can write them into its index all the same. */
const IMPOSSIBLE = new Set(['', '.', '..'])

/**
 * Whether git would take an entry into an index: never what is `.git`, or would be that on another system, nor a link named
 * `.gitmodules`. A tree with such a path could be checked out nowhere, and git lets nobody take one out of an index again.
 */
export function isPossible({ path, mode }: Pick<IndexEntry, 'path' | 'mode'>): boolean {
  const text = path.toString('latin1')
  if (!SUSPICIOUS.test(text)) return true
  return text.split('/').every((part) => {
    const name = nameElsewhere(part)
    const isLink = (mode & FILE_TYPE) === SYMBOLIC_LINK
    return !IMPOSSIBLE.has(part) && name !== '.git' && name !== 'git~1' && !(isLink && name === '.gitmodules')
  })
}

/** What a file system that knows no case, streams or dots at the end makes of a name. */
function nameElsewhere(part: string): string {
  return part
    .toLowerCase()
    .replace(/[\\:].*$/s, '')
    .replace(/[. ]+$/, '')
}
