import type { SimulatedRepository } from '../git-model/repository.js'
import type { Files } from '../git-model/files.js'

export interface Held {
  /** The content of every file that is somewhere. */
  readonly contents: ReadonlySet<string>
  /** The commits that a ref or a worktree's reflog reaches. */
  readonly commits: ReadonlySet<string>
}

/** All that a repository holds, and that nothing of git's takes away. */
export function heldBy(repository: SimulatedRepository): Held {
  const { objects, refs, entries, directories } = repository
  const contents = new Set<string>()
  const add = (files: Files): void => {
    for (const { content } of files.values()) contents.add(content)
  }
  for (const { files } of directories.values()) add(files)
  const commits = new Set<string>()
  const waiting = [...refs.values()]
  for (const { index, visited } of entries.values()) {
    add(index)
    waiting.push(...visited)
  }
  for (let commit = waiting.pop(); commit !== undefined; commit = waiting.pop()) {
    if (commits.has(commit)) continue
    commits.add(commit)
    add(objects.filesAt(commit))
    waiting.push(...objects.commit(commit).parents)
  }
  return { contents, commits }
}
