import { isAncestor } from './ancestry.js'
import { filesOf, NO_FILES, type FileList, type Files } from './files.js'
import { ObjectStore, type Signature } from './objects.js'
import { branchRef, Refs } from './refs.js'
import { WorkLedger } from './work-ledger.js'
import type { Directory, Head, WorktreeEntry } from './worktree.js'

export interface SimulatedRepositoryOptions {
  /** Git's directory, absolute; `/repo/.git` by default. */
  readonly commonDir?: string
  /** The directory of the tasks' worktrees, absolute; `/repo.worktrees` by default. */
  readonly worktreesDir?: string
  /** What task branches begin with; `coppice/` by default. */
  readonly branchPrefix?: string
  /** The branch that the first commit is on, and that HEAD names; `main` by default. */
  readonly branch?: string
  /** The files of the first commit; null for a repository without a commit. By default there is a README. */
  readonly files?: FileList | null
  /** Whom git knows merges to be by; null for nobody. */
  readonly identity?: { readonly name: string; readonly email: string } | null
  /** The time of the first commit, ISO 8601. */
  readonly at?: string
}

/** Who commits, where nobody else is named. */
const SOMEBODY = { name: 'A User', email: 'user@example.invalid' }

const BEGINNING = '2026-01-01T00:00:00.000Z'

/**
 * A git repository in memory: objects, refs, and linked worktrees with their index and files. It is a bare one: no
 * branch is checked out anywhere but in linked worktrees. Whatever is done to it is done at once; what can be
 * interrupted is made of several such steps by whoever takes them.
 */
export class SimulatedRepository {
  readonly commonDir: string
  readonly worktreesDir: string
  readonly branchPrefix: string
  identity: { readonly name: string; readonly email: string } | null
  /** The branch that the repository's own HEAD is on, which is where tasks begin by default. */
  head: Head
  objects = new ObjectStore()
  refs = new Refs()
  /** By git directory. */
  readonly entries = new Map<string, WorktreeEntry>()
  /** By path; what is not here is not there. */
  readonly directories = new Map<string, Directory>()
  /** What was done in worktrees, for whoever looks later whether it is still there. */
  work = new WorkLedger()
  /** Told of every directory that a rename has brought to a place. */
  whenRenamed: (to: string) => void = () => undefined
  #made = 0

  constructor(options: SimulatedRepositoryOptions = {}) {
    this.commonDir = options.commonDir ?? '/repo/.git'
    this.worktreesDir = options.worktreesDir ?? '/repo.worktrees'
    this.branchPrefix = options.branchPrefix ?? 'coppice/'
    this.identity = options.identity === undefined ? SOMEBODY : options.identity
    const branch = options.branch ?? 'main'
    this.head = { branch }
    const files = options.files === undefined ? { 'README.md': '# A project\n' } : options.files
    if (files === null) return
    const by = { ...(this.identity ?? SOMEBODY), at: options.at ?? BEGINNING }
    const first = this.commit(filesOf(files), [], 'begin\n', by)
    this.refs.set(branchRef(branch), first)
    this.work.byPeople.add(first)
  }

  /** Writes a commit that no ref names yet. */
  commit(files: Files, parents: readonly string[], message: string, by: Signature, author = by): string {
    const tree = this.objects.writeTree(files)
    return this.objects.writeCommit({ tree, parents, message, author, committer: by })
  }

  branch(name: string): string | null {
    return this.refs.get(branchRef(name))
  }

  /** The commit that a HEAD names; null on a branch without one. */
  commitOf(head: Head): string | null {
    return 'branch' in head ? this.branch(head.branch) : head.commit
  }

  /** The files of a commit, or none where there is none. */
  filesAt(commit: string | null): Files {
    return commit === null ? NO_FILES : this.objects.filesAt(commit)
  }

  isAncestor(commit: string, of: string): boolean {
    return isAncestor(this.objects, commit, of)
  }

  /** The linked worktrees that stand on a branch. */
  checkoutsOf(branch: string): readonly WorktreeEntry[] {
    return [...this.entries.values()].filter(
      ({ head, path }) => 'branch' in head && head.branch === branch && this.directories.has(path),
    )
  }

  /** The git directory of a worktree that is added at a directory of some name: git adds a number where that is taken. */
  freeGitDir(name: string): string {
    const wanted = `${this.commonDir}/worktrees/${name}`
    let gitDir = wanted
    for (let number = 1; this.entries.has(gitDir); number++) gitDir = `${wanted}${number}`
    return gitDir
  }

  /** Changes an entry, if it is there still. */
  change(gitDir: string, changes: Partial<WorktreeEntry>): void {
    const entry = this.entries.get(gitDir)
    if (entry !== undefined) this.entries.set(gitDir, { ...entry, ...changes })
  }

  /** Moves a HEAD, which its reflog tells. */
  moveHead(gitDir: string, head: Head): void {
    const entry = this.entries.get(gitDir)
    const commit = this.commitOf(head)
    if (entry === undefined) return
    this.change(gitDir, { head, visited: commit === null ? entry.visited : [...entry.visited, commit] })
  }

  /** Renames a directory. */
  rename(from: string, to: string): void {
    const directory = this.directories.get(from)
    if (directory === undefined) throw new Error(`${from} is not there`)
    if (this.directories.has(to)) throw new Error(`${to} is there already`)
    this.directories.delete(from)
    this.directories.set(to, directory)
    this.whenRenamed(to)
  }

  /** A number that was not given before. */
  nextNumber(): number {
    this.#made += 1
    return this.#made
  }

  /** A copy that goes on apart. */
  clone(): SimulatedRepository {
    const { commonDir, worktreesDir, branchPrefix, identity } = this
    const copy = new SimulatedRepository({ commonDir, worktreesDir, branchPrefix, identity, files: null })
    copy.head = this.head
    copy.objects = this.objects.clone()
    copy.refs = this.refs.clone()
    copy.work = this.work.clone()
    for (const [gitDir, entry] of this.entries) copy.entries.set(gitDir, entry)
    for (const [path, directory] of this.directories) copy.directories.set(path, directory)
    copy.#made = this.#made
    return copy
  }
}
