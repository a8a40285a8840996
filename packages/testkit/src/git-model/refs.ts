/** One move of a ref, from null when it was made and to null when it was deleted. */
export interface RefMove {
  readonly ref: string
  readonly from: string | null
  readonly to: string | null
}

/** Refs by their full names, and the commits that they name. */
export class Refs {
  readonly #commits: Map<string, string>
  readonly #moves: RefMove[]

  constructor(commits: Iterable<readonly [string, string]> = [], moves: Iterable<RefMove> = []) {
    this.#commits = new Map(commits)
    this.#moves = [...moves]
  }

  /** Every move of every ref, in order: their reflogs, which outlive them. */
  get moves(): readonly RefMove[] {
    return this.#moves
  }

  get(ref: string): string | null {
    return this.#commits.get(ref) ?? null
  }

  /**
   * Moves a ref from one commit to another in one step (from null: it must not exist; to null: it is deleted), or
   * leaves it as it is and answers false.
   *
   * @throws {Error} where a ref stands in the way of a directory of refs, or the other way round
   */
  move(ref: string, from: string | null, to: string | null): boolean {
    if (this.get(ref) !== from) return false
    this.set(ref, to)
    return true
  }

  /** Points a ref at a commit, whatever it pointed at before; null deletes it. */
  set(ref: string, to: string | null): void {
    const from = this.get(ref)
    if (to === null) {
      this.#commits.delete(ref)
      this.#moves.push({ ref, from, to })
      return
    }
    const obstacle = this.#commits.has(ref) ? null : this.obstacleTo(ref)
    if (obstacle !== null) throw new Error(`cannot make ${ref}: ${obstacle} exists`)
    this.#commits.set(ref, to)
    this.#moves.push({ ref, from, to })
  }

  /** A ref that cannot be beside another: the one would have to be a directory of the other. */
  obstacleTo(ref: string): string | null {
    for (const each of this.#commits.keys()) {
      if (each.startsWith(`${ref}/`) || ref.startsWith(`${each}/`)) return each
    }
    return null
  }

  /** All of them, sorted by name. */
  all(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.#commits].toSorted(([one], [other]) => (one < other ? -1 : 1)))
  }

  values(): Iterable<string> {
    return this.#commits.values()
  }

  clone(): Refs {
    return new Refs(this.#commits, this.#moves)
  }
}

export function branchRef(branch: string): string {
  return `refs/heads/${branch}`
}

/** A ref that holds something of a task. */
export function pinRef(task: string, name: string): string {
  return `refs/coppice/${task}/${name}`
}
