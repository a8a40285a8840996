import { listOf } from './files.js'
import type { SimulatedRepository } from './repository.js'
import { branchOf, type Head } from './worktree.js'

/** All of a repository as a plain value, so that the difference between two of them can be read. */
export interface RepositoryPicture {
  /** What each ref names, as `<first of the id> <first line of the message>`. */
  readonly refs: Readonly<Record<string, string>>
  /** By path: every directory, and every entry's place. */
  readonly worktrees: Readonly<Record<string, WorktreePicture>>
}

export interface WorktreePicture {
  /** Null where git has no entry of it. */
  readonly head: string | null
  /** What is staged, where that is not what HEAD is. */
  readonly staged: Readonly<Record<string, string>> | null
  /** Null where the directory is gone. */
  readonly files: Readonly<Record<string, string>> | null
}

/** Characters of an id that are shown. */
const SHOWN = 8

export function pictureOf(repository: SimulatedRepository): RepositoryPicture {
  const { refs, entries, directories } = repository
  const byPath = new Map([...entries.values()].map((entry) => [entry.path, entry]))
  const paths = [...new Set([...byPath.keys(), ...directories.keys()])].toSorted()
  return {
    refs: Object.fromEntries(
      Object.entries(refs.all()).map(([ref, commit]) => [ref, named(repository, commit)]),
    ),
    worktrees: Object.fromEntries(
      paths.map((path) => {
        const entry = byPath.get(path)
        const directory = directories.get(path)
        const staged = entry === undefined ? null : listOf(entry.index)
        const clean = entry && listOf(repository.filesAt(repository.commitOf(entry.head)))
        return [
          path,
          {
            head: entry === undefined ? null : headText(repository, entry.head),
            staged: JSON.stringify(staged) === JSON.stringify(clean) ? null : staged,
            files: directory === undefined ? null : listOf(directory.files),
          },
        ]
      }),
    ),
  }
}

function headText(repository: SimulatedRepository, head: Head): string {
  const commit = repository.commitOf(head)
  const at = commit === null ? 'no commit' : named(repository, commit)
  return `${branchOf(head) ?? 'detached'} at ${at}`
}

function named({ objects }: SimulatedRepository, commit: string): string {
  const [subject = ''] = objects.commit(commit).message.split('\n')
  return `${commit.slice(0, SHOWN)} ${subject}`
}
