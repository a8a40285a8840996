import type { RepositoryConfig } from '@coppice/git-adapter'
import { InvalidPathError } from './errors.js'

/** What worktrees have besides git's files; all paths are from the top of the repository. */
export interface Furnishing {
  /** Files and directories that alone decide what the set-up command makes. */
  readonly setupInputs: readonly string[]
  /** Ignored directories that stay in a worktree which goes back to the pool. */
  readonly keep: readonly string[]
  /** Ignored directories of the main checkout that new worktrees get clones of. */
  readonly clone: readonly string[]
}

/**
 * As the caller says, else the configuration.
 *
 * @throws {InvalidPathError}
 */
export function furnishing(given: Partial<Furnishing>, configured: RepositoryConfig): Furnishing {
  const paths = (name: keyof Furnishing): readonly string[] =>
    (given[name] ?? configured[name]).map((path) => pathFromTop(name, path))
  return { setupInputs: paths('setupInputs'), keep: paths('keep'), clone: paths('clone') }
}

function pathFromTop(setting: string, path: string): string {
  const parts = path.replace(/\/+$/, '').split('/')
  const isOutside = parts.some((part) => ['', '.', '..'].includes(part) || part.toLowerCase() === '.git')
  if (isOutside || path.includes('\0')) throw new InvalidPathError(setting, path)
  return parts.join('/')
}
