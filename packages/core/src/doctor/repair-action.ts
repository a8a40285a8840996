/**
 * One step of a repair on the real world, as a value. Each is done in one step or not at all, says what it expects to
 * find, and does nothing where that has changed or where it was done before.
 */
export type WorldAction =
  /** Gives a file of git's the content that belongs there. */
  | {
      readonly kind: 'write-file'
      readonly path: string
      /** What it says now, trimmed; null where there is no such file. */
      readonly was: string | null
      readonly content: string
    }
  /** Moves a ref that is at `from` (null: that does not exist) to a commit; `to` null deletes it. */
  | {
      readonly kind: 'move-ref'
      readonly ref: string
      readonly from: string | null
      readonly to: string | null
    }
  /** Takes a lock that nobody holds out of git's way, and keeps the file. */
  | {
      readonly kind: 'set-aside-lock'
      readonly path: string
      readonly inode: number
      readonly mtimeMs: number
    }
  /** Sets a setting in a configuration file of git's. */
  | { readonly kind: 'set-config'; readonly file: string; readonly key: string; readonly value: string }
  /** Makes a worktree's `.git` name its git directory; what stood there is kept aside. */
  | {
      readonly kind: 'point-worktree'
      readonly task: string
      readonly path: string
      readonly gitDir: string
      readonly names: string | null
    }
  /** Makes git's entry of a worktree anew, for the files that are there. */
  | { readonly kind: 'remake-entry'; readonly task: string }
  /** Throws away what an interrupted effect left of a worktree that nobody ever worked in. */
  | { readonly kind: 'uproot'; readonly task: string; readonly staging: string }
  /** Deletes what was thrown away for a task before. */
  | { readonly kind: 'empty-trash'; readonly task: string }
  /** Removes git's entry of a worktree that is gone, once what it holds is pinned. */
  | { readonly kind: 'drop-entry'; readonly task: string; readonly gitDir: string }
  /** Deletes entries that were thrown away before. */
  | { readonly kind: 'empty-entry-trash' }
  /** Brings an interrupted fast-forward of a checkout to its end. */
  | { readonly kind: 'finish-landing' }

/** A step of a repair that the engine does through the log. */
export type EngineAction =
  /** Records what the world has lost of a task, and does what is owed. */
  | { readonly kind: 'settle'; readonly task: string }
  /** Records that the worktree, or the repository, is not where it was, and where it is now; or makes it anew. */
  | { readonly kind: 'find-again'; readonly task: string }

export type RepairAction = WorldAction | EngineAction
