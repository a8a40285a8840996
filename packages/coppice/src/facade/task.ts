import {
  MERGE_STRATEGIES,
  NoTargetBranchError,
  parseMessage,
  parseReason,
  TaskCreationError,
  TaskNotFoundError,
  type Checkpoint,
  type MergeStrategy,
  type Request,
  type TaskState,
  type TaskStatus,
} from '@coppice/core'
import { runAgent, type RunOptions } from '../agent/run-agent.js'
import type { AgentExit } from '../agent/start-agent.js'
import { InvalidCommandError, InvalidStrategyError } from '../errors.js'
import { mergeOutcomeOf, type MergeOutcome } from './merge-outcome.js'
import type { Parts } from './parts.js'

export interface CancelOptions {
  readonly signal?: AbortSignal
}

export interface SettleOptions extends CancelOptions {
  /** Takes a worktree away although it is locked, or a process is at work in it. */
  readonly force?: boolean
}

export interface MergeOptions extends CancelOptions {
  /** By default `merge`: a merge commit. */
  readonly strategy?: MergeStrategy
  /**
   * A program and its arguments that must succeed on the merged tree, or null for none. By default what
   * `coppice.verify` in git's configuration says.
   */
  readonly verify?: readonly string[] | null
  /** The local branch to land on; by default the task's own target. */
  readonly into?: string
  /** The message of the commit that a merge or a squash makes. */
  readonly message?: string
  /**
   * What to wait for. By default `removed`: until the worktree and the branch of a merged task are gone. With `landed` it resolves as
   * soon as the merge is on the target branch for good; they go behind it, and `close` waits for that.
   */
  readonly until?: 'landed' | 'removed'
}

export interface DiffOptions extends CancelOptions {
  readonly color?: boolean
  /** A summary, file by file, instead of the lines. */
  readonly stat?: boolean
}

/** One task. What it shows is the newest state that this process has seen. */
export class Task {
  readonly #parts: Parts
  readonly #listed: TaskState | undefined

  /**
   * @internal Tasks come from `create`, `task` and `tasks` of a `Coppice`.
   * @param listed its state when it was listed: looking at each task of a list must not read each from the disk
   */
  constructor(
    readonly id: string,
    parts: Parts,
    listed?: TaskState,
  ) {
    this.#parts = parts
    this.#listed = listed
  }

  /** All that the log says of it. A value: it does not change, a later read gives a newer one. */
  get state(): TaskState {
    const state = this.#parts.engine.find(this.id, this.#listed)
    if (state === null) throw new TaskNotFoundError(this.id)
    return state
  }

  get status(): TaskStatus {
    return this.state.status
  }

  /** The agent's directory, absolute. */
  get path(): string {
    return this.state.path
  }

  /** The task's own branch, short. */
  get branch(): string {
    return this.state.branch
  }

  /**
   * Pins all content of the worktree: committed, staged, unstaged and untracked. Answers with the newest
   * checkpoint, which is an older one where nothing had changed; null where there never was anything to pin.
   */
  checkpoint(message?: string, { signal }: CancelOptions = {}): Promise<Checkpoint | null> {
    return this.#parts.engine.checkpoint(this.id, message, signal)
  }

  /**
   * Merges the task's whole content, which lands in one step or not at all. Resolves for a conflict and for a
   * rejection too; the task is active again then.
   *
   * @throws {NoTargetBranchError} where neither the task nor `into` names a branch
   */
  async merge({
    strategy = 'merge',
    verify,
    into,
    message,
    until = 'removed',
    signal,
  }: MergeOptions = {}): Promise<MergeOutcome> {
    if (!MERGE_STRATEGIES.includes(strategy)) throw new InvalidStrategyError(strategy)
    const command = verify === undefined ? this.#parts.verify : verify
    if (command !== null && (command[0] ?? '') === '') throw new InvalidCommandError(command)
    const target = into ?? this.state.into
    if (target === null) throw new NoTargetBranchError(this.id, this.state.base.ref)
    const data = { strategy, into: target, verify: command, message: parseMessage(message) }
    const request = { type: 'task.merge', data } as const
    return mergeOutcomeOf(
      await (until === 'landed' ? this.#landing(request, signal) : this.#command(request, signal)),
    )
  }

  /** Gives the worktree back; all its content stays pinned until `resume`. */
  async park(reason?: string, { signal }: CancelOptions = {}): Promise<void> {
    await this.#command({ type: 'task.park', data: { reason: parseReason(reason) } }, signal)
  }

  /** Makes the worktree of a parked task anew, index and files as they were; tries a failed creation again. */
  async resume({ signal }: CancelOptions = {}): Promise<void> {
    await this.#comeBack({ type: 'task.resume', data: {} }, signal)
  }

  /** Gives the task up. Its content stays pinned, so that `restore` can bring it back. */
  async abandon(reason?: string, { signal }: CancelOptions = {}): Promise<void> {
    await this.#command({ type: 'task.abandon', data: { reason: parseReason(reason) } }, signal)
  }

  /** Brings an abandoned task back, branch, index and files as they were. */
  async restore({ signal }: CancelOptions = {}): Promise<void> {
    await this.#comeBack({ type: 'task.restore', data: {} }, signal)
  }

  /**
   * Does what the task still owes, such as taking a worktree away that was in use when it was parked. All its content is pinned
   * before. Whether it is done now, `state.worktree` tells; if not, `'problem'` says why.
   */
  async settle({ force = false, signal }: SettleOptions = {}): Promise<void> {
    await this.#parts.engine.settle(this.id, force, signal)
  }

  /**
   * Runs an agent, a program and its arguments, in the worktree, and resolves when it has ended. Its start and its
   * end are facts; until it ends nothing takes the worktree away. A task has one agent at a time.
   *
   * @throws {AgentStartError} when the system cannot start the program
   * @throws {AgentRunningError} while another agent is at work
   */
  run(command: readonly string[], options: RunOptions = {}): Promise<AgentExit> {
    return runAgent(this.#parts.engine, this.id, command, options)
  }

  /** What the task changed, untracked files too, as git prints it; bytes, for a file need not be UTF-8. */
  diff({ color = false, stat = false, signal }: DiffOptions = {}): Promise<Buffer> {
    return this.#parts.diff(this.state, { color, stat, signal })
  }

  /** The state that a merge has led to as soon as it has landed, or has come back. Who has the answer cancels nothing any more. */
  async #landing(request: Request, signal: AbortSignal | undefined): Promise<TaskState> {
    const cancellation = new AbortController()
    const cancel = (): void => cancellation.abort(signal?.reason)
    signal?.throwIfAborted()
    signal?.addEventListener('abort', cancel, { once: true })
    const { engine, behind } = this.#parts
    try {
      return await new Promise((resolve, reject) => {
        let isAnswered = false
        const tell = (state: TaskState): void => {
          if (state.status !== 'merged' || isAnswered) return
          isAnswered = true
          behind.add(merging)
          resolve(state)
        }
        const merging = engine.command(this.id, request, cancellation.signal, tell)
        merging.then(resolve, reject)
      })
    } finally {
      signal?.removeEventListener('abort', cancel)
    }
  }

  #command(request: Request, signal: AbortSignal | undefined): Promise<TaskState> {
    return this.#parts.engine.command(this.id, request, signal)
  }

  async #comeBack(request: Request, signal: AbortSignal | undefined): Promise<void> {
    const { status, failure, attempts } = await this.#command(request, signal)
    if (status !== 'failed') return
    throw new TaskCreationError(this.id, failure ?? { code: 'unknown', message: 'unknown' }, attempts)
  }
}
