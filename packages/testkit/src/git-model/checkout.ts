import { carryOver } from './carry-over.js'
import { isInTheWay, withFile, withoutFile, type Files, type ModelFile } from './files.js'
import type { Signature } from './objects.js'
import type { SimulatedRepository } from './repository.js'
import { branchRef } from './refs.js'
import type { Directory, Head, WorktreeEntry } from './worktree.js'

/**
 * What an agent, or anybody at work in a worktree, does there with an editor and with git. Every act is done at once, and
 * throws where git would refuse it.
 */
export class Checkout {
  /**
   * @param path the worktree's directory
   * @param now the time of commits, ISO 8601
   */
  constructor(
    private readonly repository: SimulatedRepository,
    readonly path: string,
    private readonly now: () => string,
  ) {}

  get files(): Files {
    return this.#directory.files
  }

  get index(): Files {
    return this.#entry.index
  }

  get head(): Head {
    return this.#entry.head
  }

  /** The commit that HEAD names, or null. */
  get commit(): string | null {
    return this.repository.commitOf(this.head)
  }

  write(path: string, file: string | ModelFile): void {
    this.#put(withFile(this.files, path, file))
  }

  remove(path: string): void {
    if (!this.files.has(path)) throw new Error(`there is no file ${path} in ${this.path}`)
    this.#put(withoutFile(this.files, path))
  }

  /** Stages one file as it is now, gone ones too; without a path all of them. */
  stage(path?: string): void {
    const { gitDir, index } = this.#entry
    const { files } = this
    if (path === undefined) return this.#change(gitDir, { index: files })
    const file = files.get(path)
    if (file === undefined && !index.has(path)) throw new Error(`there is no file ${path} to stage`)
    // What is staged gives way to a file that stands where it stood.
    const free = new Map([...index].filter(([each]) => each !== path && (!file || !isInTheWay(each, path))))
    this.#change(gitDir, { index: file ? free.set(path, file) : free })
  }

  /** Commits what is staged, as written by somebody else where an author is named. */
  makeCommit(message: string, author?: Omit<Signature, 'at'>): string {
    const { commit } = this
    return this.#commitOn(message, commit === null ? [] : [commit], author)
  }

  /** Commits what is staged in the place of the newest commit, which no branch names after that. */
  amend(message: string): string {
    if (this.commit === null) throw new Error('there is no commit to amend')
    return this.#commitOn(message, this.repository.objects.commit(this.commit).parents)
  }

  /** Goes on to a branch that exists and that nobody else stands on. */
  switchTo(branch: string): void {
    if (this.repository.branch(branch) === null) throw new Error(`there is no branch ${branch}`)
    const elsewhere = this.repository.checkoutsOf(branch).find(({ path }) => path !== this.path)
    if (elsewhere !== undefined) throw new Error(`${branch} is checked out in ${elsewhere.path}`)
    this.#goTo({ branch })
  }

  /** Begins a branch where HEAD is, and goes on to it; where there is no commit yet, nor is there on the new one. */
  branchOff(branch: string): void {
    const { commit } = this
    if (this.repository.branch(branch) !== null) throw new Error(`there is a branch ${branch} already`)
    if (commit === null) return this.repository.moveHead(this.#entry.gitDir, { branch })
    this.repository.refs.move(branchRef(branch), null, commit)
    this.#goTo({ branch })
  }

  /** Leaves the branch, for a commit or for the one that it is at. */
  detach(commit = this.commit): void {
    if (commit === null) throw new Error('there is no commit to be at')
    this.repository.objects.commit(commit)
    this.#goTo({ commit })
  }

  /** Puts the branch, the index and all tracked files to a commit, whatever they were: `git reset --hard`. */
  reset(commit: string): void {
    const { gitDir, index, head } = this.#entry
    const target = this.repository.objects.filesAt(commit)
    const untracked = [...this.files].filter(([path]) => !index.has(path))
    this.#change(gitDir, { index: target })
    this.#put(new Map([...untracked, ...target]))
    this.#moveTo(head, commit)
  }

  #commitOn(message: string, parents: readonly string[], author?: Omit<Signature, 'at'>): string {
    const { index, head } = this.#entry
    const { identity } = this.repository
    if (identity === null) throw new Error('git knows nobody that the commit could be by')
    const by = { ...identity, at: this.now() }
    const commit = this.repository.commit(index, parents, `${message}\n`, by, { ...by, ...author })
    this.#moveTo(head, commit)
    return commit
  }

  #moveTo(head: Head, commit: string): void {
    if ('branch' in head) this.repository.refs.set(branchRef(head.branch), commit)
    this.repository.moveHead(this.#entry.gitDir, 'branch' in head ? head : { commit })
    this.#noted()
  }

  #goTo(head: Head): void {
    const { gitDir, index } = this.#entry
    const [from, to] = [this.commit, this.repository.commitOf(head)].map((commit) =>
      this.repository.filesAt(commit),
    )
    if (from === undefined || to === undefined) return
    const result = carryOver({ index, files: this.files }, from, to)
    if (result.kind === 'in-the-way') throw new Error(`changes of ${result.paths.join(', ')} are in the way`)
    this.#change(gitDir, { index: result.content.index })
    this.#put(result.content.files)
    this.repository.moveHead(gitDir, head)
    this.#noted()
  }

  #change(gitDir: string, changes: Partial<WorktreeEntry>): void {
    this.repository.change(gitDir, changes)
    this.#noted()
  }

  #noted(): void {
    this.repository.work.note(this.repository, this.path)
  }

  #put(files: Files): void {
    this.repository.directories.set(this.path, { ...this.#directory, files })
    this.#noted()
  }

  get #directory(): Directory {
    const directory = this.repository.directories.get(this.path)
    if (directory === undefined) throw new Error(`there is nothing at ${this.path}`)
    return directory
  }

  get #entry(): WorktreeEntry {
    const { names } = this.#directory
    const entry = names === null ? undefined : this.repository.entries.get(names)
    if (entry === undefined) throw new Error(`${this.path} is no worktree that git knows`)
    return entry
  }
}
