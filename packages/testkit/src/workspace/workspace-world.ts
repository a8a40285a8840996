import type { Workspace } from '@coppice/core'
import type { Signature } from '../git-model/objects.js'
import type { FileChanges } from '../git-model/user.js'

/**
 * A repository under test, and the hands of everybody who is at work on it besides the workspace. It has one branch
 * `main`, with one commit at least, which is checked out nowhere; git's HEAD is on it, and there is an identity for commits.
 *
 * Files are told as records by path: the content of an ordinary file, `100755 <content>` of an executable one, and
 * `120000 <target>` of a symbolic link.
 */
export interface WorkspaceWorld {
  /** The workspace as one more process would have it, on the same repository and with the same locks. */
  open(): Promise<Workspace>

  /** The hands of an agent in a worktree. */
  at(path: string): WorktreeHands

  /** The files that a commit has. */
  filesAt(commit: string): Promise<Readonly<Record<string, string>>>
  parentsOf(commit: string): Promise<readonly string[]>
  /** Who wrote what a commit has, and when. */
  authorOf(commit: string): Promise<Signature>
  /** All branches and all refs below `refs/coppice/`, by their full names. */
  refs(): Promise<Readonly<Record<string, string>>>

  /** Commits changes to a branch, checking nothing out; a content of null deletes the file. Answers with the commit. */
  commitTo(branch: string, changes: FileChanges): Promise<string>
  /** Points any ref at a commit by force, by its full name; null deletes it. */
  moveRef(ref: string, commit: string | null): Promise<void>

  /** What stands in a worktree's place; null where nothing does. */
  look(path: string): Promise<WorktreeLook | null>
  /** `rm -rf` of a worktree's directory; git's entry of it stays. */
  deleteDirectory(path: string): Promise<void>
  /** Deletes git's entry of a worktree; its directory stays. */
  deleteEntry(gitDir: string): Promise<void>
  /** Makes a directory that has nothing to do with git, with a file in it. */
  makeDirectory(path: string): Promise<void>
  /** Has the worktree's `.git` file name another git directory. */
  pointTo(path: string, gitDir: string): Promise<void>
  /** `git worktree move`. */
  moveWorktree(path: string, to: string): Promise<void>
  /** `git worktree lock`. */
  lockWorktree(path: string): Promise<void>
  /** `git worktree add` of a branch that exists, by a person, beside the tasks' worktrees; answers with its directory. */
  addWorktree(name: string, branch: string): Promise<string>

  /** Verify commands that succeed, and that fail with exit code 7 and the output `no good\n`. */
  readonly commands: { readonly succeeding: readonly string[]; readonly failing: readonly string[] }

  /** Removes all of it. */
  readonly dispose?: () => Promise<void>
}

/** What an agent does in a worktree with an editor and with git. Each act throws where git refuses it. */
export interface WorktreeHands {
  write(path: string, content: string, mode?: '100644' | '100755' | '120000'): Promise<void>
  remove(path: string): Promise<void>
  /** `git add` of one file; without a path `git add --all`. */
  stage(path?: string): Promise<void>
  /** Commits what is staged, be it nothing, and answers with the commit. An author is named as `git commit --author` does. */
  commit(message: string, author?: { readonly name: string; readonly email: string }): Promise<string>
  amend(message: string): Promise<string>
  /** `git switch`. */
  switchTo(branch: string): Promise<void>
  /** `git switch --create`. */
  branchOff(branch: string): Promise<void>
  /** `git switch --detach`. */
  detach(commit?: string): Promise<void>
}

/** A worktree's content. */
export interface WorktreeLook {
  /** Null for what is no worktree that git knows. */
  readonly head: { readonly branch: string | null; readonly commit: string | null } | null
  readonly staged: Readonly<Record<string, string>> | null
  readonly files: Readonly<Record<string, string>>
}
