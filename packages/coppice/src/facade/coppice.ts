import {
  parseTaskId,
  TASK_STATUSES,
  TaskNotFoundError,
  type Diagnosis,
  type EngineEvents,
  type RecordedFact,
  type RepairResult,
  type TaskRequest,
  type TaskStates,
  type TaskStatus,
} from '@coppice/core'
import { eventsOf, type EventsOptions } from './events.js'
import { Follower } from './follower.js'
import type { Parts } from './parts.js'
import type { PoolStatus } from './pool-keeper.js'
import { Task, type CancelOptions } from './task.js'

export interface CreateOptions extends TaskRequest {
  readonly signal?: AbortSignal
}

export interface TasksOptions {
  /** Only tasks of this status, or of one of these. */
  readonly status?: TaskStatus | readonly TaskStatus[]
}

export interface RepairOptions {
  /** Says what would be done, and does nothing. */
  readonly dryRun?: boolean
  readonly signal?: AbortSignal
}

/** A repository with its tasks. Close it when done; a process that ends without doing so loses nothing. */
export class Coppice {
  readonly #parts: Parts
  readonly #follower: Follower

  /** @internal `openCoppice` and `openCoppiceOn` make it. */
  constructor(parts: Parts) {
    this.#parts = parts
    this.#follower = new Follower(parts.engine)
  }

  /**
   * Makes a task with a branch and a worktree of its own, and resolves when the worktree is ready.
   *
   * @throws {InvalidTaskIdError}, {TaskExistsError}, {TaskCreationError}, or an error that says why the base or the
   * target cannot be used; except for the creation that failed, nothing is left behind
   */
  async create({ signal, ...request }: CreateOptions): Promise<Task> {
    const { id } = await this.#parts.engine.create(request, signal)
    return new Task(id, this.#parts)
  }

  /**
   * One task, as this process last saw it.
   *
   * @throws {TaskNotFoundError}
   * @throws {SnapshotLostError} when the cache of finished tasks was damaged since it was opened; `refresh` makes it good
   */
  task(id: string): Task {
    if (this.#parts.engine.find(parseTaskId(id)) === null) throw new TaskNotFoundError(id)
    return new Task(id, this.#parts)
  }

  /**
   * All tasks, or those of one status or of several, in the order of their requests. Finished tasks are read from the
   * disk; without them a list costs what is live.
   *
   * @throws {SnapshotLostError} as `task` does
   */
  tasks({ status }: TasksOptions = {}): Task[] {
    const statuses = status === undefined ? TASK_STATUSES : [status].flat()
    return this.#parts.engine.tasks(statuses).map((state) => new Task(state.id, this.#parts, state))
  }

  /** Reads what other processes have appended meanwhile. Every operation on a task does so by itself. */
  refresh(): Promise<void> {
    return this.#parts.engine.refresh()
  }

  /** The position of the newest fact that this process has seen; 0 for an empty log. */
  get position(): number {
    return this.#parts.engine.position
  }

  /**
   * Calls the listener after every fact of a type, for `'fact'` after every fact, once it is durable and in the
   * order of the log, whichever process appended it; for `'problem'` when something owed could not be done now.
   */
  on<E extends keyof EngineEvents>(event: E, listener: EngineEvents[E]): this {
    this.#follower.on(event, listener)
    return this
  }

  /** Like `on`, for the next fact only. */
  once<E extends keyof EngineEvents>(event: E, listener: EngineEvents[E]): this {
    this.#follower.once(event, listener)
    return this
  }

  off<E extends keyof EngineEvents>(event: E, listener: EngineEvents[E]): this {
    this.#follower.off(event, listener)
    return this
  }

  /** The facts, in order. */
  events(options: EventsOptions = {}): AsyncGenerator<RecordedFact> {
    return eventsOf(this.#parts.log, options)
  }

  /**
   * Every task's state, by id, as it was when the log had so many facts.
   *
   * @throws {PositionNotFoundError}
   */
  stateAt(sequence: number): Promise<TaskStates> {
    return this.#parts.engine.stateAt(sequence)
  }

  /**
   * Compares the log with the worktrees, branches, pins and settings that are there. Changes nothing; what it says may
   * be over by then where others are at work.
   */
  doctor(): Promise<Diagnosis> {
    return this.#parts.engine.diagnose()
  }

  /**
   * Puts right what `doctor` finds, where that is safe, and says what it did, what it tried in vain, and what is left.
   * What holds work is pinned first or left; what is not ours by the log is never touched.
   */
  repair({ dryRun = false, signal }: RepairOptions = {}): Promise<RepairResult> {
    return this.#parts.engine.repair(dryRun, signal)
  }

  /** How many ready worktrees there shall be. */
  get poolSize(): number {
    return this.#parts.pool?.size ?? 0
  }

  /** The ready worktrees that wait for tasks, and what the pool of them may be; null without git. */
  async pool(): Promise<PoolStatus | null> {
    return (await this.#parts.pool?.status()) ?? null
  }

  /**
   * Makes the pool as it shall be, and resolves when it is: with as many ready worktrees as `poolSize` says, as far as there is room for
   * them. They are a cache: whatever becomes of them, nothing is lost.
   */
  async fillPool({ signal }: CancelOptions = {}): Promise<PoolStatus | null> {
    await this.#parts.pool?.fill(signal)
    return this.pool()
  }

  /**
   * Says how many ready worktrees there shall be in this repository from now on (`coppice.poolSize`), for this process, and for
   * others when they next open it. Filling up comes apart from that.
   *
   * @throws {InvalidPoolLimitError}
   */
  async resizePool(size: number): Promise<void> {
    await this.#parts.pool?.resize(size)
  }

  /**
   * Ends what listens, follows and takes checkpoints, and lets the log go. Waits for appends that are under way, for what goes on
   * behind merges that resolved when they had landed, and until the files are deleted of worktrees that were taken away.
   */
  async close(): Promise<void> {
    try {
      await this.#parts.behind.settled()
      await this.#parts.pool?.stop()
      await this.#parts.checkpoints.stop()
      await this.#follower.stop()
      await this.#parts.settled()
    } finally {
      await this.#parts.engine.close()
    }
  }

  /** For `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
