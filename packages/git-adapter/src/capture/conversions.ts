import type { Difference, TreeEntry } from '../git/differences.js'
import { joinNul, keyOf, splitNul } from '../git/nul.js'
import type { Place } from '../git/place.js'
import { git } from '../git/run.js'
import type { Settings } from '../repository/settings.js'

const LINK = '120000'
const FILE = '100644'

export function isFile(entry: TreeEntry | null): entry is TreeEntry {
  return entry?.mode.startsWith('100') === true
}

/** A difference as `git add` takes it where git is configured to believe no file's executable bit, or that links are files. */
export function asGitTakes(settings: Settings, difference: Difference): Difference {
  const { from, to } = difference
  if (!isFile(to)) return difference
  if (!settings.tellsLinks && from?.mode === LINK) return { ...difference, to: { ...to, mode: LINK } }
  const mode = isFile(from) ? from.mode : FILE
  return settings.tellsExecutables || mode === to.mode ? difference : { ...difference, to: { ...to, mode } }
}

export interface Conversions {
  /** What git converts, or might. */
  readonly converted: readonly Difference[]
  /** What only a filter that the user has configured could tell. */
  readonly filtered: readonly Difference[]
}

const CONVERTING = ['text', 'eol', 'ident', 'working-tree-encoding', 'filter', 'crlf']

/** What git does with files when they are added, by the attributes of the indexed tree and the user's own. */
export async function conversionsOf(
  { filters, convertsLineEnds }: Settings,
  place: Place,
  files: readonly Difference[],
): Promise<Conversions> {
  if (files.length === 0) return { converted: [], filtered: [] }
  const args = ['check-attr', '--cached', '-z', '--stdin', ...CONVERTING]
  const { stdout } = await git(place, { args, input: joinNul(files.map(({ path }) => path)) })
  const fields = splitNul(stdout).map(keyOf)
  const attributed = new Set<string>()
  const filtering = new Set<string>()
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [path = '', attribute, value = ''] = fields.slice(at, at + 3)
    if (value !== 'unspecified') attributed.add(path)
    if (attribute === 'filter' && filters.has(value)) filtering.add(path)
  }
  const isIn = (paths: ReadonlySet<string>, { path }: Difference): boolean => paths.has(keyOf(path))
  const others = files.filter((file) => !isIn(filtering, file))
  return {
    converted: convertsLineEnds ? others : others.filter((file) => isIn(attributed, file)),
    filtered: files.filter((file) => isIn(filtering, file)),
  }
}
