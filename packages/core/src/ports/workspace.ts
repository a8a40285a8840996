import type {
  CheckpointOutcome,
  CreateOutcome,
  LandOutcome,
  PrepareOutcome,
  RebuildOutcome,
  RemoveOutcome,
  VerifyOutcome,
} from '../effects/outcome.js'
import type { FactData } from '../facts/fact.js'
import type { WorldAction } from '../doctor/repair-action.js'
import type { TaskState } from '../task/state.js'
import type { Standing, Survey } from './survey.js'

export interface EffectContext {
  /** The time of the effect, ISO 8601; commits that the effect makes carry it. */
  readonly at: string
  readonly signal?: AbortSignal | undefined
  /** Whether a worktree may be taken away that is locked, or in which a process is at work. */
  readonly force?: boolean | undefined
  /**
   * Effects of one round follow upon one another: what one has looked at in a worktree the next need not look at again, unless it
   * deletes it. Without one, everything is looked at.
   */
  readonly round?: object | undefined
}

/** A person's wish for a task, not yet checked against the repository. */
export interface TaskRequest {
  readonly id: string
  /** A branch, tag or commit; by default what is checked out where Coppice was opened. */
  readonly base?: string | undefined
  /** The local branch to merge into; by default the base, if it is one. */
  readonly into?: string | undefined
  readonly title?: string | undefined
}

/**
 * The real world of worktrees and branches. One method an effect: each is idempotent, looks before it acts,
 * and answers with an outcome; it throws only for what nobody foresaw, and then the effect stays owed.
 */
export interface Workspace {
  /** Resolves a request against the repository, changing nothing; throws a typed error if it cannot be met. */
  admit(request: TaskRequest): Promise<FactData['task.requested']>

  /** Makes branch and worktree: at the newest checkpoint, index and files too, or at the base for a new task. */
  create(task: TaskState, context: EffectContext): Promise<CreateOutcome>

  /** Pins all content of the worktree, unless the newest checkpoint holds it already. */
  checkpoint(task: TaskState, message: string | null, context: EffectContext): Promise<CheckpointOutcome>

  /** Has the disk hold all that an agent wrote in the worktree so far, where nobody else sees to that. */
  sync(task: TaskState): Promise<void>

  /** Computes the commit that will land, from exactly what the newest checkpoint holds. */
  prepareMerge(task: TaskState, context: EffectContext): Promise<PrepareOutcome>

  /** Runs the verify command on exactly the prepared commit's tree. */
  verify(task: TaskState, context: EffectContext): Promise<VerifyOutcome>

  /** Moves the target branch from the prepared base to the prepared commit, in one step or not at all. */
  land(task: TaskState, context: EffectContext): Promise<LandOutcome>

  /** Makes the worktree anew after it was lost, from whatever is newest: the branch or the last checkpoint. */
  rebuild(task: TaskState, context: EffectContext): Promise<RebuildOutcome>

  /**
   * Takes the worktree away (and, unless the task is parked, its branch), once all of it is pinned. It goes in one
   * step: whenever the removal is interrupted, the worktree is whole in its place or gone from it.
   */
  remove(task: TaskState, context: EffectContext): Promise<RemoveOutcome>

  /** What stands in the place of a task's worktree. A look at one file, for whoever only opens. */
  look(task: TaskState): Promise<Standing>

  /** Deletes what engines that were killed have left of their own working files; nothing of any task is in them. */
  tidy(): Promise<void>

  /**
   * Reads all that concerns some tasks, and what is there besides, without a lock, changing nothing, and running
   * nothing that an agent could have planted.
   *
   * @param commits whose existence is asked for
   */
  survey(tasks: readonly TaskState[], commits: readonly string[]): Promise<Survey>

  /**
   * Does one step of a repair, under the locks of the repository that it needs; the caller holds the task's. Done
   * again it does nothing.
   *
   * @throws {RepairRefusedError} where it does not find what the step expects; nothing was touched then
   */
  repair(action: WorldAction, task: TaskState | null, context: EffectContext): Promise<void>
}
