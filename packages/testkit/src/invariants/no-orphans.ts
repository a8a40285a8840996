import type { TaskState } from '@coppice/core'
import type { SimulatedWorld } from '../world/simulated-world.js'
import { BrokenPromise } from './broken-promise.js'

/**
 * In a world that has come to rest: there is a worktree with an entry for every task that has one by the log, a branch for
 * every task that keeps one, and nothing else of ours; and nobody holds a lock.
 *
 * @throws {BrokenPromise} with what is left over or missing
 */
export function assertNoOrphans({ repository, locks }: SimulatedWorld, tasks: Iterable<TaskState>): void {
  const all = [...tasks]
  const present = all.filter(({ worktree }) => worktree === 'present')
  const branched = all.filter(({ worktree, status }) => worktree === 'present' || status === 'parked')
  const { directories, entries, worktreesDir, branchPrefix, refs } = repository
  const ours = [...entries.values()].filter(({ task }) => task !== null)
  const branches = Object.keys(refs.all()).filter((ref) => ref.startsWith(`refs/heads/${branchPrefix}`))
  requireExactly(
    'directories',
    [...directories.keys()].filter((path) => path.startsWith(`${worktreesDir}/`)),
    present.map(({ path }) => path),
  )
  requireExactly(
    'entries',
    ours.map(({ gitDir }) => gitDir),
    present.map(({ gitDir }) => gitDir ?? ''),
  )
  requireExactly(
    'branches',
    branches,
    branched.map(({ branch }) => `refs/heads/${branch}`),
  )
  requireExactly('locks', Object.keys(locks.held()), [])
}

function requireExactly(what: string, found: readonly string[], expected: readonly string[]): void {
  const extra = found.filter((name) => !expected.includes(name))
  const missing = expected.filter((name) => !found.includes(name))
  if (extra.length > 0) throw new BrokenPromise(`${what} that no task has: ${extra.join(', ')}`)
  if (missing.length > 0) throw new BrokenPromise(`${what} that are missing: ${missing.join(', ')}`)
}
