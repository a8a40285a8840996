import type { Files } from '../git-model/files.js'
import type { SimulatedRepository } from '../git-model/repository.js'

/** A task's worktree as it was when it was put into its place: when it was made, made anew, or brought back. */
export interface Placement {
  readonly task: string
  /** The commit of its HEAD, or null before the first one of its branch. */
  readonly commit: string | null
  readonly index: Files
  readonly files: Files
  /** The commits that agents and people had moved HEAD to until then, the newest last. */
  readonly heads: readonly string[]
  /** How many facts were durable then. */
  readonly durable: number
}

/** The worktree of a task that stands at a path, if git's entry of it says that this is its place. */
export function placementAt(
  repository: SimulatedRepository,
  path: string,
  durable: number,
): Placement | null {
  const directory = repository.directories.get(path)
  const entry = repository.entries.get(directory?.names ?? '')
  if (directory === undefined || entry === undefined || entry.path !== path || entry.task === null)
    return null
  const { task, index, head } = entry
  const { files } = directory
  const heads = repository.work.heads.get(task) ?? []
  return { task, commit: repository.commitOf(head), index, files, heads, durable }
}
