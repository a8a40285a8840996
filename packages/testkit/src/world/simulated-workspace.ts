import type {
  CheckpointOutcome,
  CreateOutcome,
  EffectContext,
  FactData,
  LandOutcome,
  Locks,
  MergeInProgress,
  PrepareOutcome,
  RebuildOutcome,
  RemoveOutcome,
  Standing,
  Survey,
  TaskRequest,
  TaskState,
  VerifyOutcome,
  Workspace,
  WorldAction,
} from '@coppice/core'
import type { SimulatedRepository } from '../git-model/repository.js'
import { LockTable } from './locks.js'
import { UNDISTURBED, type Steps } from './steps.js'
import { admit } from './workspace/admit.js'
import { takeCheckpoint } from './workspace/checkpoint.js'
import { create } from './workspace/create.js'
import { land } from './workspace/land.js'
import { prepareMerge } from './workspace/prepare.js'
import { rebuild } from './workspace/rebuild.js'
import { remove } from './workspace/remove.js'
import { repair } from './workspace/repair.js'
import type { SimulatedSite, Verifier } from './workspace/site.js'
import { survey } from './workspace/survey.js'
import { verify } from './workspace/verify.js'

export interface SimulatedWorkspaceOptions {
  /** Shared by all processes. */
  readonly repository: SimulatedRepository
  /** The locks as this process sees them; by default those of a process that is alone. */
  readonly locks?: Locks
  /** What becomes of this process, step by step; by default nothing. */
  readonly steps?: Steps
  /** What verify commands come to; by default they succeed. */
  readonly verifier?: Verifier
}

/**
 * The Workspace port over a repository in memory, with every effect made of the steps that the real one is made of: it
 * can be interrupted between any two of them, by any process. What it has not: people's own checkouts of the repository
 * (it is bare), ignored and converted files, submodules, unfinished merges and rebases, files that git cannot hold
 * (`uncaptured` is always empty), and everything that only a damaged disk makes.
 */
export class SimulatedWorkspace implements Workspace {
  readonly #site: SimulatedSite

  constructor({ repository, locks, steps, verifier }: SimulatedWorkspaceOptions) {
    this.#site = {
      repository,
      locks: locks ?? new LockTable().openFor('the only process'),
      steps: steps ?? UNDISTURBED,
      verifier: verifier ?? (() => ({ exitCode: 0 })),
    }
  }

  async admit(request: TaskRequest): Promise<FactData['task.requested']> {
    return admit(this.#site, request)
  }

  create(task: TaskState, context: EffectContext): Promise<CreateOutcome> {
    return create(this.#site, task, context)
  }

  checkpoint(task: TaskState, message: string | null, context: EffectContext): Promise<CheckpointOutcome> {
    return takeCheckpoint(this.#site, task, message, context)
  }

  /** Nothing that was written to a simulated worktree is ever lost to a power cut. */
  async sync(): Promise<void> {}

  prepareMerge(task: TaskState, context: EffectContext): Promise<PrepareOutcome> {
    return prepareMerge(this.#site, task, mergeOf(task), context)
  }

  verify(task: TaskState, context: EffectContext): Promise<VerifyOutcome> {
    return verify(this.#site, task, mergeOf(task), context)
  }

  land(task: TaskState, { signal }: EffectContext): Promise<LandOutcome> {
    return land(this.#site, task, mergeOf(task), signal)
  }

  rebuild(task: TaskState, context: EffectContext): Promise<RebuildOutcome> {
    return rebuild(this.#site, task, context)
  }

  remove(task: TaskState, context: EffectContext): Promise<RemoveOutcome> {
    return remove(this.#site, task, context)
  }

  async look({ path }: TaskState): Promise<Standing> {
    return this.#site.repository.directories.has(path) ? 'directory' : 'nothing'
  }

  async tidy(): Promise<void> {}

  async survey(tasks: readonly TaskState[], commits: readonly string[]): Promise<Survey> {
    return survey(this.#site, tasks, commits)
  }

  repair(action: WorldAction, task: TaskState | null, context: EffectContext): Promise<void> {
    return repair(this.#site, action, task, context)
  }
}

function mergeOf({ id, merge }: TaskState): MergeInProgress {
  if (merge === null) throw new TypeError(`task ${id} is not merging`)
  return merge
}
