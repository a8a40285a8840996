/**
 * All content of a worktree at one moment, held by a ref. Object ids are full hexadecimal.
 * The pinned commit has `tree` as its tree and `head` as its first parent, so nothing of it can be collected.
 */
export interface Checkpoint {
  /** 1 for a task's first; numbers rise, and may skip where a crash left a pin that no fact speaks of. */
  readonly number: number
  /** The ref that pins it, `refs/coppice/<task>/checkpoints/<number>`. */
  readonly ref: string
  readonly commit: string
  /** The commit that HEAD named, or null where its branch had no commit yet. */
  readonly head: string | null
  /** The branch HEAD was on, short, or null when it was detached. */
  readonly branch: string | null
  /** The commit that the task's own branch named, wherever HEAD was, or null where the branch was gone. */
  readonly tip: string | null
  /** The tree of what was staged. */
  readonly index: string
  /** A blob with an index file, where a tree cannot say all of the index: unmerged entries, flags that the agent set. */
  readonly rawIndex: string | null
  /** The tree of the files as they were: committed, staged, unstaged and untracked together. */
  readonly tree: string
  /** The tree of the ignored files that `.worktreeinclude` names; left out where there is none. It is never merged. */
  readonly carried?: string
  /** The tree of what git keeps of a merge, a rebase or the like that was under way; left out where there was none. */
  readonly operation?: string
  /** Paths that git cannot hold (nested repositories, unreadable files); they are never removed. */
  readonly uncaptured: readonly string[]
}
