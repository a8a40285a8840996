import type { PlaceContent } from '@coppice/core'
import type { SimulatedRepository } from '../../git-model/repository.js'

/** What a directory in a worktree's place is, if its `.git` does not name git's entry of the worktree. */
export function contentInPlace(repository: SimulatedRepository, path: string, gitDir: string): PlaceContent {
  const { directories, entries } = repository
  const directory = directories.get(path)
  const entry = entries.get(gitDir)
  if (directory === undefined || isEmpty(repository, path)) return 'empty'
  const { names, files } = directory
  if (entry === undefined || (names !== null && names !== gitDir && entries.has(names))) return 'foreign'
  const tracked = entry.index.size > 0 ? entry.index : repository.filesAt(repository.commitOf(entry.head))
  return tracked.size === 0 || [...tracked.keys()].some((name) => files.has(name)) ? 'own' : 'foreign'
}

/** Whether a directory is there with nothing in it, not even a `.git` file. */
export function isEmpty({ directories }: SimulatedRepository, path: string): boolean {
  const directory = directories.get(path)
  return directory !== undefined && directory.names === null && directory.files.size === 0
}
