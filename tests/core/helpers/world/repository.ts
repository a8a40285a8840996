import type { Checkpoint, TaskState } from '@coppice/core'

/** A repository with nothing in it but what the engine can tell apart: content is one string, an id says what it is of. */
export class Repository {
  /** What each worktree holds, by task. */
  readonly worktrees = new Map<string, string>()
  /** Every branch of a task that exists. */
  readonly branches = new Set<string>()
  /** Every pin ever made, by task. */
  readonly pins = new Map<string, Checkpoint[]>()
  /** The base branch's commits, from the first to the tip. */
  readonly base = ['base']
  readonly #written = new Map<string, string>()

  get tip(): string {
    return this.base.at(-1)!
  }

  /** An agent at work. */
  write(id: string, content: string): void {
    if (!this.worktrees.has(id)) throw new Error(`${id} has no worktree to write to`)
    this.worktrees.set(id, content)
    this.#written.set(id, content)
  }

  /** Somebody else at work on the base branch. */
  moveBase(commit: string): void {
    this.base.push(commit)
  }

  /** The newest work of each task that is nowhere any more: not in its worktree, not pinned, not landed. */
  lost(): string[] {
    const kept = new Set([
      ...this.worktrees.values(),
      ...[...this.pins.values()].flat().map(({ tree }) => tree),
      ...this.base.map((commit) => commit.split(' onto ')[0]!),
    ])
    return [...this.#written.values()].filter((content) => !kept.has(content))
  }

  pin(task: TaskState, tree: string): Checkpoint {
    const pins = this.pins.get(task.id) ?? []
    const number = pins.length + 1
    const pinned = {
      number,
      ref: `refs/coppice/${task.id}/checkpoints/${number}`,
      commit: `pin of ${tree}`,
      head: task.base.commit,
      branch: task.branch,
      tip: task.base.commit,
      index: tree,
      rawIndex: null,
      tree,
      uncaptured: [],
    }
    this.pins.set(task.id, [...pins, pinned])
    return pinned
  }
}

/** What a worktree holds in which nothing was done since the newest checkpoint. */
export function recordedContent({ checkpoint, base }: TaskState): string {
  return checkpoint?.tree ?? base.commit
}
