import { git } from '../git/run.js'
import type { Site } from '../site.js'

/**
 * What the user's git is configured to do with files: from the system's, the user's and the repository's configuration and
 * what these include. What a linked worktree's own says is left out, for an agent may write that.
 */
export interface Settings {
  readonly objectFormat: string
  /** Filters that convert files (`filter.<name>.clean`, `.smudge` or `.process`). */
  readonly filters: ReadonlySet<string>
  /** Those of them that cannot make a file again from what they stored: nothing converts it back. */
  readonly lossyFilters: ReadonlySet<string>
  /** Whether git converts line ends where no attribute says so. */
  readonly convertsLineEnds: boolean
  /** Whether git takes executable bits and symbolic links from the files (`core.fileMode`, `core.symlinks`). */
  readonly tellsExecutables: boolean
  readonly tellsLinks: boolean
  /** Values that private git directories pass on to git, by their names in lower case. */
  readonly values: ReadonlyMap<string, string>
}

/** Which ignored files and attributes there are besides the tree's own, and what names and line ends mean. */
const ABOUT_FILES =
  'attributesfile|autocrlf|eol|excludesfile|filemode|ignorecase|precomposeunicode|quotepath|safecrlf|symlinks'

/** How differences are found and shown, and merges made; nothing that is a command or a file. */
const ABOUT_DIFFERENCES =
  'algorithm|colormoved|colormovedws|context|indentheuristic|interhunkcontext|mnemonicprefix|noprefix|renamelimit|renames'

const PASSED_ON = [
  `core\\.(${ABOUT_FILES})`,
  `diff\\.(${ABOUT_DIFFERENCES})`,
  String.raw`color\.diff\.[a-z]+`,
  String.raw`merge\.(directoryrenames|renamelimit|renames)`,
]

/** The names of all settings that count, as patterns. */
export const SETTINGS = [
  ...PASSED_ON,
  String.raw`extensions\.objectformat`,
  String.raw`filter\..*\.(clean|smudge|process)`,
]

/** A git command that prints those settings whose names are like one of some patterns. */
export function queryFor(patterns: readonly string[]): readonly string[] {
  return ['config', '--null', '--get-regexp', `^(${patterns.join('|')})$`]
}

/**
 * The same site with the settings of this moment: a process may go on for days, and the user's git reads them anew each time.
 * A filter that was not there when the repository was opened counts as one that makes no file again, for whoever restores a
 * worktree here does not know it.
 */
export async function upToDate(site: Site): Promise<Site> {
  const { repository } = site
  const { stdout } = await git(repository.place, { args: queryFor(SETTINGS), answers: [1] })
  const now = settingsIn(parseConfig(stdout.toString('utf8')))
  const isKnown = (name: string): boolean => repository.settings.filters.has(name)
  const lossyFilters = new Set(
    [...now.filters].filter((name) => now.lossyFilters.has(name) || !isKnown(name)),
  )
  return { ...site, repository: { ...repository, settings: { ...now, lossyFilters } } }
}

/** `git config --null` prints key, newline, value, NUL; a key that stands more than once counts as last written. */
export function parseConfig(text: string): ReadonlyMap<string, string> {
  return new Map(entriesIn(text))
}

/** All values of a key, in the order in which they are written. */
export function allIn(text: string, wanted: string): readonly string[] {
  return entriesIn(text).flatMap(([key, value]) => (key === wanted ? [value] : []))
}

function entriesIn(text: string): readonly (readonly [string, string])[] {
  const entries = text.split('\0').filter((entry) => entry !== '')
  return entries.map((entry) => {
    const end = entry.indexOf('\n')
    return end === -1 ? [entry, 'true'] : [entry.slice(0, end), entry.slice(end + 1)]
  })
}

const IS_PASSED_ON = new RegExp(`^(${PASSED_ON.join('|')})$`)

export function settingsIn(values: ReadonlyMap<string, string>): Settings {
  const filters = filtersIn(values, /^filter\.(.*)\.(?:clean|smudge|process)$/s)
  const restoring = filtersIn(values, /^filter\.(.*)\.(?:smudge|process)$/s)
  return {
    objectFormat: values.get('extensions.objectformat') ?? 'sha1',
    filters,
    lossyFilters: new Set([...filters].filter((name) => !restoring.has(name))),
    convertsLineEnds: isOn(values.get('core.autocrlf') ?? 'false'),
    tellsExecutables: isOn(values.get('core.filemode') ?? 'true'),
    tellsLinks: isOn(values.get('core.symlinks') ?? 'true'),
    values: new Map([...values].filter(([key]) => IS_PASSED_ON.test(key))),
  }
}

/** What a filter does that passes on what it gets, or is switched off. */
const NOTHING = new Set(['', 'cat'])

function filtersIn(values: ReadonlyMap<string, string>, pattern: RegExp): ReadonlySet<string> {
  const found = [...values].map(([key, value]) => (NOTHING.has(value.trim()) ? null : pattern.exec(key)?.[1]))
  return new Set(found.filter((name) => name != null))
}

const OFF = new Set(['', '0', 'false', 'no', 'off'])

function isOn(value: string): boolean {
  return !OFF.has(value.toLowerCase())
}
