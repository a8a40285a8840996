/** Where a git command works. Everything is explicit: nothing is discovered from a directory an agent can write. */
export interface Place {
  /** The git directory: the repository's, a worktree's own, or one that is private to the engine. */
  readonly gitDir: string
  readonly workTree?: string
  readonly indexFile?: string
  /** The object store, where `gitDir` has none of its own. */
  readonly objects?: string
  /** A second object store that is only read. */
  readonly alternates?: string
  /** More variables, such as an identity or a date. */
  readonly variables?: Readonly<Record<string, string>>
  /** Whether objects may be missing that a remote has promised, for a git directory whose configuration does not tell. */
  readonly isPartial?: boolean
}

/** Where a command works on files. */
export interface FilePlace extends Place {
  readonly workTree: string
}

/** Tells git of a remote that has promised objects, and that none is to be had from. */
const PROMISED: readonly (readonly [string, string])[] = [
  ['remote.promised.promisor', 'true'],
  ['remote.promised.url', '/dev/null'],
]

/** A place where git fetches what a partial clone does not have yet: where files are to be checked out. */
export function fetching(place: Place): Place {
  return { ...place, variables: { ...place.variables, GIT_NO_LAZY_FETCH: '0' } }
}

/** A place where a setting counts whatever any configuration says of it. */
export function configured(place: Place, key: string, value: string): Place {
  const before = place.variables?.['GIT_CONFIG_PARAMETERS']
  const setting = `${quoted(key)}=${quoted(value)}`
  const all = before === undefined ? setting : `${before} ${setting}`
  return { ...place, variables: { ...place.variables, GIT_CONFIG_PARAMETERS: all } }
}

/** As git reads it, which is as a shell does. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}

export function variablesOf(place: Place): Record<string, string> {
  const settings = place.isPartial === true ? PROMISED : []
  const told = settings.reduce<Place>((each, [key, value]) => configured(each, key, value), place)
  const variables: Record<string, string> = { GIT_DIR: place.gitDir, ...told.variables }
  if (place.workTree !== undefined) variables['GIT_WORK_TREE'] = place.workTree
  if (place.indexFile !== undefined) variables['GIT_INDEX_FILE'] = place.indexFile
  if (place.objects !== undefined) variables['GIT_OBJECT_DIRECTORY'] = place.objects
  if (place.alternates !== undefined) variables['GIT_ALTERNATE_OBJECT_DIRECTORIES'] = place.alternates
  return variables
}
