/** What stands at a path, symbolic links not followed. */
export type Standing = 'nothing' | 'directory' | 'file' | 'other'

/** A worktree's directory, as files show it. */
export interface PlaceSight {
  readonly standing: Standing
  readonly dotGit: Standing
  /** The git directory that its `.git` file names, or null where that is no such file. */
  readonly names: string | null
}

/**
 * What a directory in a worktree's place is, by the files that the worktree had: one of them at least is there, or none of
 * them, or nothing at all; `foreign` too where its `.git` names another worktree.
 */
export type PlaceContent = 'own' | 'foreign' | 'empty'

/** What git keeps of a linked worktree, as its files say; each null where there is no such file. */
export interface EntrySight {
  readonly gitDir: string
  /** The task that it was made for, by its mark, or by its name where git had only begun it; null for a foreign one. */
  readonly task: string | null
  /** Whether the mark says so, which is written when git has made all of it. */
  readonly marked: boolean
  /** The worktree's directory, by `gitdir`; null where that file is missing or empty. */
  readonly path: string | null
  readonly standing: Standing
  readonly commondir: string | null
  readonly head: string | null
  /** The branch that HEAD is on, short; null where it is detached or cannot be read. */
  readonly branch: string | null
  /** The commit that HEAD names, or null where that is none that exists. */
  readonly commit: string | null
  /** The commit that HEAD was last moved to, by its own log, if it exists. */
  readonly lastCommit: string | null
  /** Why a person has locked it, or null. */
  readonly locked: string | null
  /** What git is in the middle of there, or null. */
  readonly operation: string | null
}

/** How one commit stands to another: it is in its history, the other way round, neither, or both are one. */
export type Relation = 'same' | 'behind' | 'ahead' | 'diverged'

/** All that concerns one task. Commits are null where there is none. */
export interface TaskSight {
  readonly place: PlaceSight
  /** The worktree's git directory: as recorded, or the one that a repository which was moved has in its place. */
  readonly entry: EntrySight | null
  /** What the directory in its place is, where its `.git` does not name the entry that the log speaks of; else null. */
  readonly content: PlaceContent | null
  /** Where the worktree is, if it is not where the log says, or the repository is not: the two still know each other. */
  readonly movedTo: string | null
  /** Whether the git directory that the log speaks of is there. */
  readonly recorded: boolean
  readonly tip: string | null
  readonly headToTip: Relation | null
  /** The last commit that is known of the branch: by the log of HEAD where HEAD is on it, else by the newest checkpoint. */
  readonly known: string | null
  /** Null where an agent may move the branch without HEAD's log telling. */
  readonly tipToKnown: Relation | null
  /** The commit that the branch to merge into is at. */
  readonly target: string | null
  /**
   * Whether what has landed is in its branch still, or in another one that is no task's; or went with its branch, where that
   * was the branch of a task that is done. Null for a task that has not landed.
   */
  readonly landed: boolean | null
}

/** What an effect that was interrupted has left: a worktree half made or half removed, or git's entry of one. */
export interface Leftover {
  readonly kind: 'making' | 'verifying' | 'trash' | 'entry-trash'
  readonly path: string
  /** The task's id, as the name says; null for what is nobody's any more. */
  readonly task: string | null
}

/** A lock file of git's. */
export interface LockSight {
  readonly path: string
  readonly inode: number
  /** When it was last written, in milliseconds since 1970. */
  readonly mtimeMs: number
  /** Why somebody may be holding it, or null where certainly nobody is. */
  readonly holder: string | null
}

/** A setting that says that there is no work tree, where there is one. */
export interface BareFlag {
  readonly file: string
  /** The work tree that is there all the same. */
  readonly workTree: string
}

/** Something that git is in the middle of in a checkout that is not a task's. */
export interface OperationSight {
  readonly workTree: string
  readonly operation: string
}

/** A file that a person's checkout and a task's worktree have alike, and the last commits of both have not. */
export interface LeakSight {
  readonly task: string
  readonly path: string
}

/** The real world of worktrees and branches at one moment: a plain value. */
export interface Survey {
  readonly commonDir: string
  /** What the names of task branches begin with. */
  readonly branchPrefix: string
  /** Branches that some checkout stands on, short. */
  readonly checkedOut: readonly string[]
  /** By task id. */
  readonly tasks: Readonly<Record<string, TaskSight>>
  readonly entries: readonly EntrySight[]
  readonly leftovers: readonly Leftover[]
  /** All branches and pins by their full names, and the objects that they name. */
  readonly refs: Readonly<Record<string, string>>
  /** Those of the commits asked for that exist. */
  readonly commits: readonly string[]
  readonly locks: readonly LockSight[]
  readonly bareFlags: readonly BareFlag[]
  readonly operations: readonly OperationSight[]
  /** Whether a landing in somebody's checkout was begun and has not been brought to its end. */
  readonly landingMarked: boolean
  readonly leaks: readonly LeakSight[]
  /** Files of objects that git cannot read, and over which it fails: then nothing else was looked at. */
  readonly damaged?: readonly string[]
}
