import { withFile, withoutFile, type FileList, type Files } from './files.js'
import { branchRef } from './refs.js'
import type { SimulatedRepository } from './repository.js'
import type { WorktreeEntry } from './worktree.js'

/** A file's new content, or null for one that is to go. */
export type FileChanges = { readonly [Path in string]: FileList[Path] | null }

/** What the repository's owner does to it without asking anybody. Every act is done at once. */
export class SimulatedUser {
  /** @param now the time of commits, ISO 8601 */
  constructor(
    private readonly repository: SimulatedRepository,
    private readonly now: () => string,
  ) {}

  /** Commits changes to a branch, which is made if need be, and answers with the commit. Nothing is checked out. */
  commit(
    branch: string,
    changes: FileChanges,
    message = `change ${Object.keys(changes).join(', ')}`,
  ): string {
    const { identity } = this.repository
    if (identity === null) throw new Error('git knows nobody that the commit could be by')
    const parent = this.repository.branch(branch)
    const files = Object.entries(changes).reduce<Files>(
      (all, [path, file]) => (file === null ? withoutFile(all, path) : withFile(all, path, file)),
      this.repository.filesAt(parent),
    )
    const by = { ...identity, at: this.now() }
    const commit = this.repository.commit(files, parent === null ? [] : [parent], `${message}\n`, by)
    this.moveBranch(branch, commit)
    return commit
  }

  /** Makes a branch, or moves it by force, to a commit; null deletes it. */
  moveBranch(branch: string, commit: string | null): void {
    this.moveRef(branchRef(branch), commit)
  }

  /** The same for any ref, by its full name. */
  moveRef(ref: string, commit: string | null): void {
    if (commit !== null) {
      this.repository.objects.commit(commit)
      this.repository.work.byPeople.add(commit)
    }
    this.repository.refs.set(ref, commit)
    for (const entry of this.repository.entries.values()) {
      if ('branch' in entry.head && branchRef(entry.head.branch) === ref)
        this.repository.work.noteHead(this.repository, entry)
    }
  }

  /** Deletes a worktree's directory, and not git's entry of it: `rm -rf`. */
  deleteDirectory(path: string): void {
    this.repository.directories.delete(path)
    this.repository.work.forgetDirectory(path)
  }

  /** Deletes git's entry of a worktree, and not its directory. */
  deleteEntry(gitDir: string): void {
    this.repository.entries.delete(gitDir)
    this.repository.work.forgetEntry(gitDir)
  }

  /** Moves a worktree, and has git's entry of it say so: `git worktree move`. */
  moveWorktree(path: string, to: string): void {
    const { gitDir, locked } = this.#entryAt(path)
    if (locked !== null) throw new Error(`${path} is locked`)
    if (this.repository.directories.get(path)?.names !== gitDir)
      throw new Error(`${path} is no worktree of git's`)
    this.repository.rename(path, to)
    this.repository.change(gitDir, { path: to })
  }

  /** Has a worktree's `.git` file name another git directory. */
  pointTo(path: string, gitDir: string): void {
    const directory = this.repository.directories.get(path)
    if (directory === undefined) throw new Error(`there is nothing at ${path}`)
    this.repository.directories.set(path, { ...directory, names: gitDir })
  }

  /** Puts a directory of one's own somewhere. */
  makeDirectory(path: string, files: Files): void {
    if (this.repository.directories.has(path)) throw new Error(`${path} is there already`)
    this.repository.directories.set(path, { names: null, files })
  }

  /** Locks the worktree that git has at a path: `git worktree lock`. */
  lockWorktree(path: string, reason: string): void {
    const { gitDir, locked } = this.#entryAt(path)
    if (locked !== null) throw new Error(`${path} is locked already`)
    this.repository.change(gitDir, { locked: reason })
  }

  /** Adds a worktree of one's own that stands on a branch. */
  addWorktree(path: string, branch: string): void {
    const { repository } = this
    const commit = repository.branch(branch)
    if (commit === null) throw new Error(`there is no branch ${branch}`)
    if (repository.checkoutsOf(branch).length > 0) throw new Error(`${branch} is checked out already`)
    if (repository.directories.has(path)) throw new Error(`${path} is there already`)
    const gitDir = repository.freeGitDir(path.slice(path.lastIndexOf('/') + 1))
    const files = repository.filesAt(commit)
    const entry = {
      gitDir,
      task: null,
      path,
      head: { branch },
      index: files,
      visited: [commit],
      locked: null,
    }
    repository.entries.set(gitDir, entry)
    repository.directories.set(path, { names: gitDir, files })
  }

  #entryAt(path: string): WorktreeEntry {
    const entry = [...this.repository.entries.values()].find((each) => each.path === path)
    if (entry === undefined) throw new Error(`git has no worktree at ${path}`)
    return entry
  }
}
