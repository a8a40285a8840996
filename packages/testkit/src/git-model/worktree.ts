import type { Files } from './files.js'

/** What HEAD is: on a branch (short), which need not have a commit, or detached at a commit. */
export type Head = { readonly branch: string } | { readonly commit: string }

/** Git's entry of a linked worktree. */
export interface WorktreeEntry {
  /** Where the entry is, which is also its name: `<common directory>/worktrees/<name>`. */
  readonly gitDir: string
  /** The task that it was made for, by the mark in it; null for a person's own. */
  readonly task: string | null
  /** Where it says that the worktree's directory is. */
  readonly path: string
  readonly head: Head
  /** What is staged. */
  readonly index: Files
  /** The commits that HEAD was moved to, the newest last: its reflog. */
  readonly visited: readonly string[]
  /** Why a person has locked the worktree, or null. */
  readonly locked: string | null
}

/** The directory of a worktree, which can be there without its entry and the other way round. */
export interface Directory {
  /** The git directory that its `.git` file names; null where there is none. */
  readonly names: string | null
  readonly files: Files
}

/** The branch that HEAD is on, or null where it is detached. */
export function branchOf(head: Head): string | null {
  return 'branch' in head ? head.branch : null
}
