import { NO_FILES, type Files } from './files.js'
import { bytesOf, objectId, treeIdOf } from './object-ids.js'

/** Who made a commit, and when: ISO 8601, of which git keeps the seconds. */
export interface Signature {
  readonly name: string
  readonly email: string
  readonly at: string
}

export interface Commit {
  readonly tree: string
  readonly parents: readonly string[]
  /** With the newline at its end. */
  readonly message: string
  readonly author: Signature
  readonly committer: Signature
}

/** Trees and commits by their ids. Nothing is ever deleted: the model collects no garbage by itself. */
export class ObjectStore {
  readonly #trees = new Map<string, Files>()
  readonly #commits = new Map<string, Commit>()

  constructor() {
    this.writeTree(NO_FILES)
  }

  writeTree(files: Files): string {
    const id = treeIdOf(files)
    if (!this.#trees.has(id)) this.#trees.set(id, files)
    return id
  }

  writeCommit(commit: Commit): string {
    const id = objectId('commit', bytesOf(textOf(commit)))
    if (!this.#commits.has(id)) this.#commits.set(id, commit)
    return id
  }

  hasCommit(id: string): boolean {
    return this.#commits.has(id)
  }

  /** @throws {Error} when there is no such commit */
  commit(id: string): Commit {
    const commit = this.#commits.get(id)
    if (commit === undefined) throw new Error(`there is no commit ${id}`)
    return commit
  }

  /** @throws {Error} when there is no such tree */
  files(tree: string): Files {
    const files = this.#trees.get(tree)
    if (files === undefined) throw new Error(`there is no tree ${tree}`)
    return files
  }

  /** The files of a commit. */
  filesAt(commit: string): Files {
    return this.files(this.commit(commit).tree)
  }

  /** The commits whose ids begin so. */
  commitsNamed(prefix: string): readonly string[] {
    return [...this.#commits.keys()].filter((id) => id.startsWith(prefix))
  }

  clone(): ObjectStore {
    const copy = new ObjectStore()
    for (const [id, files] of this.#trees) copy.#trees.set(id, files)
    for (const [id, commit] of this.#commits) copy.#commits.set(id, commit)
    return copy
  }
}

/** A commit as git writes it. */
function textOf({ tree, parents, author, committer, message }: Commit): string {
  const lines = [
    `tree ${tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${signed(author)}`,
    `committer ${signed(committer)}`,
  ]
  return `${lines.join('\n')}\n\n${message}`
}

function signed(signature: Signature): string {
  return `${signature.name} <${signature.email}> ${secondsOf(signature)} +0000`
}

/** The time as git keeps it, in seconds since 1970. */
export function secondsOf({ at }: Signature): number {
  return Math.floor(Date.parse(at) / 1_000)
}
