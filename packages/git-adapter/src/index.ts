export { GitWorkspace } from './workspace.js'
export type { GitWorkspaceOptions } from './site-of.js'
export type { DiffOptions } from './diff.js'
export type { FillOptions } from './pool/fill-pool.js'
export type { Spare } from './pool/spare.js'
export { withoutGit } from './git/environment.js'
export { hasRemnants } from './survey/has-remnants.js'
export { surveyRemnants } from './survey/remnants.js'
export { uncommittedIn } from './survey/uncommitted.js'
export { openRepository } from './repository/open.js'
export type { Repository, RepositoryConfig } from './repository/repository.js'
export { DamagedObjectError } from './errors/disk-errors.js'
export { GitError, GitMissingError, GitTooOldError } from './errors/git-errors.js'
export {
  BaseNotFoundError,
  BranchExistsError,
  BranchMovedError,
  BranchPrefixError,
  CheckoutLockedError,
  EmptyRepositoryError,
  NotARepositoryError,
  TargetNotFoundError,
} from './errors/repository-errors.js'
export { PathOccupiedError, SetupError, WorktreeBrokenError } from './errors/worktree-errors.js'
