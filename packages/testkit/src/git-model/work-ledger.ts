import type { Files } from './files.js'
import type { Directory, Head, WorktreeEntry } from './worktree.js'

/** What the ledger looks at. */
interface Worktrees {
  readonly directories: ReadonlyMap<string, Directory>
  readonly entries: ReadonlyMap<string, WorktreeEntry>
  commitOf(head: Head): string | null
}

/**
 * What agents and people have done in worktrees, and has to be somewhere for ever after: as it was after their last act in each.
 * What somebody overwrites or deletes is nobody's loss, nor is what goes with a directory or an entry that a person deletes.
 */
export class WorkLedger {
  /** What stood in each directory. */
  readonly files = new Map<string, Files>()
  /** What was staged in each worktree, by git directory. */
  readonly staged = new Map<string, Files>()
  /** The commits that were made in worktrees, by git directory. */
  readonly commits = new Map<string, readonly string[]>()
  /** The commits that agents and people have moved HEAD of each task's worktree to, the newest last; by task. */
  readonly heads = new Map<string, readonly string[]>()
  /** The commits that people have put on branches themselves. */
  readonly byPeople = new Set<string>()

  /** Takes down what is in a worktree after an act in it. */
  note(repository: Worktrees, path: string): void {
    const directory = repository.directories.get(path)
    if (directory === undefined) return
    this.files.set(path, directory.files)
    const entry = directory.names === null ? undefined : repository.entries.get(directory.names)
    if (entry === undefined) return
    this.staged.set(entry.gitDir, entry.index)
    this.commits.set(entry.gitDir, entry.visited)
    this.noteHead(repository, entry)
  }

  /** Takes down where HEAD of a worktree is. */
  noteHead(repository: Worktrees, { task, head }: WorktreeEntry): void {
    const commit = repository.commitOf(head)
    if (task === null || commit === null) return
    const heads = this.heads.get(task) ?? []
    if (heads.at(-1) !== commit) this.heads.set(task, [...heads, commit])
  }

  /** Somebody has deleted a directory: its files are that one's loss. */
  forgetDirectory(path: string): void {
    this.files.delete(path)
  }

  /** Somebody has deleted git's entry of a worktree. */
  forgetEntry(gitDir: string): void {
    this.staged.delete(gitDir)
    this.commits.delete(gitDir)
  }

  clone(): WorkLedger {
    const copy = new WorkLedger()
    for (const [path, files] of this.files) copy.files.set(path, files)
    for (const [gitDir, files] of this.staged) copy.staged.set(gitDir, files)
    for (const [gitDir, commits] of this.commits) copy.commits.set(gitDir, commits)
    for (const [task, commits] of this.heads) copy.heads.set(task, commits)
    for (const commit of this.byPeople) copy.byPeople.add(commit)
    return copy
  }
}
