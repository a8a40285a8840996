import { withLock, type Locks, type TaskState } from '@coppice/core'
import type { Files } from '../../git-model/files.js'
import type { SimulatedRepository } from '../../git-model/repository.js'
import type { Steps } from '../steps.js'

/** What a verify command would be given, and what it answers. */
export interface Verification {
  readonly task: string
  readonly command: readonly string[]
  /** The commit that is to land, and its files. */
  readonly commit: string
  readonly files: Files
}

export interface VerificationResult {
  /** Null where the command could not be run. */
  readonly exitCode: number | null
  readonly output?: string
}

/** Stands for the programs that a verify command names. */
export type Verifier = (
  verification: Verification,
  signal: AbortSignal | undefined,
) => VerificationResult | Promise<VerificationResult>

/** What a process needs to work on a simulated repository. */
export interface SimulatedSite {
  readonly repository: SimulatedRepository
  readonly locks: Locks
  readonly steps: Steps
  readonly verifier: Verifier
}

/** Around changes of the repository's entries of worktrees. */
export function underRepositoryLock<T>(
  { locks }: SimulatedSite,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  return withLock(locks, 'repository', signal, work)
}

/** Held while a target branch moves. */
export function underLandingLock<T>(
  { locks }: SimulatedSite,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  return withLock(locks, 'landing', signal, work)
}

/** Where a task's worktree is made before it is moved to its place. */
export function makingPath({ id, path }: Pick<TaskState, 'id' | 'path'>): string {
  return `${parentOf(path)}/.making/${id}+coppice`
}

/** Where a task's merge is checked out to be verified. */
export function verifyingPath({ id, path }: TaskState): string {
  return `${parentOf(path)}/.verifying/${id}+verify`
}

/** What the paths of what was thrown away for a task begin with. */
export function trashPrefix({ id, path }: TaskState): string {
  return `${parentOf(path)}/.trash/${id}~`
}

/** The task whose id begins a name of ours; no id holds what parts it from the rest. */
export function taskNamed(name: string): string | null {
  return /^([a-z0-9][a-z0-9._-]*)(?:\+(?:coppice|verify)\d*|~.+)$/.exec(name)?.[1] ?? null
}

export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'))
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
