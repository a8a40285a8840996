import type { CommandType, Request } from '../commands/command.js'
import { allowedIn } from '../decide/decide.js'
import { nextEffect } from '../effects/next-effect.js'
import type { Missing, Pinned } from '../effects/outcome.js'
import {
  AgentRunningError,
  IllegalMoveError,
  TaskCreationError,
  TaskExistsError,
} from '../errors/task-errors.js'
import type { TaskStates } from '../evolve/replay.js'
import { withLock } from '../ports/locks.js'
import type { TaskRequest } from '../ports/workspace.js'
import type { Checkpoint } from '../task/checkpoint.js'
import type { Agent, TaskState } from '../task/state.js'
import { parseTaskId } from '../task/task-id.js'
import { parseMessage, parseTitle } from '../task/text.js'
import { discrepancies } from './discrepancies.js'
import { eachOf } from './each-of.js'
import { execute, existing } from './execute.js'
import { Listeners } from './listeners.js'
import { perform } from './perform.js'
import type { EnginePorts } from './ports.js'
import { Projection } from './projection.js'
import { stateAt } from './state-at.js'

/** Tasks that are caught up with at the same time when a log is opened. */
const RECOVERY_CONCURRENCY = 4

/** Takes commands, records what comes of them, and does what the tasks owe. One flow, one way round. */
export class Engine {
  readonly listeners = new Listeners()
  readonly #projection: Projection

  private constructor(private readonly ports: EnginePorts) {
    this.#projection = new Projection(ports.log, (fact) => this.listeners.tell(fact))
  }

  /** Replays the log. Nothing is done yet: `recover` does what is owed. */
  static async open(ports: EnginePorts): Promise<Engine> {
    const engine = new Engine(ports)
    if (ports.snapshots !== null) await engine.#projection.load(ports.snapshots)
    await engine.refresh()
    return engine
  }

  /** The sequence of the last fact that this engine has seen. */
  get position(): number {
    return this.#projection.position
  }

  /** Reads what other processes have appended meanwhile. */
  refresh(): Promise<void> {
    return this.#projection.refresh()
  }

  /** Goes on reading what other processes append, as it becomes durable, until aborted or closed. */
  async follow(signal?: AbortSignal): Promise<void> {
    for await (const fact of this.ports.log.subscribe(this.position + 1, signal)) {
      await this.#projection.absorb([fact])
    }
  }

  find(id: string): TaskState | null {
    return this.#projection.get(id)
  }

  tasks(): readonly TaskState[] {
    return this.#projection.all()
  }

  /** Makes a task and resolves when its worktree is ready. */
  async create(request: TaskRequest, signal?: AbortSignal): Promise<TaskState> {
    const id = parseTaskId(request.id)
    parseTitle(request.title)
    await this.#refuseExisting(id)
    const data = await this.ports.workspace.admit(request)
    return withLock(this.ports.locks, lockOf(id), signal, async () => {
      await this.#refuseExisting(id)
      const task = await this.#carryOut(id, { type: 'task.request', data }, signal)
      if (task.status !== 'failed') return task
      throw new TaskCreationError(id, task.failure ?? { code: 'unknown', message: 'unknown' }, task.attempts)
    })
  }

  /** Gives a task a command, and does what it then owes. Operations on one task are serial. */
  command(id: string, request: Request, signal?: AbortSignal): Promise<TaskState> {
    return this.#exclusively(id, signal, async (task) => {
      if (request.type === 'task.park' || request.type === 'task.abandon') await this.#refuseLiveAgent(task)
      return this.#carryOut(id, request, signal)
    })
  }

  /** Pins a task's content and answers with the newest checkpoint: an old one, if nothing had changed. */
  async checkpoint(
    id: string,
    message: string | undefined,
    signal?: AbortSignal,
  ): Promise<Checkpoint | null> {
    const text = parseMessage(message)
    return this.#exclusively(id, signal, async (found) => {
      requireAllowed(found, 'task.checkpoint')
      const task = await this.#settle(found, signal)
      requireAllowed(task, 'task.checkpoint')
      const context = { at: this.ports.clock.now(), signal }
      const outcome = await this.ports.workspace.checkpoint(task, text, context)
      if (outcome.kind === 'unchanged') return task.checkpoint
      const after = await this.#carryOut(id, checkpointRequest(outcome, text), signal)
      return after.checkpoint
    })
  }

  /**
   * Starts an agent in a task's worktree and records it, under the task's lock: nothing can be torn down between
   * the two. A task has one agent at a time.
   */
  startAgent(
    id: string,
    start: (task: TaskState) => Promise<Agent>,
    signal?: AbortSignal,
  ): Promise<TaskState> {
    return this.#exclusively(id, signal, async (found) => {
      const task = await this.#settle(found, signal)
      if (task.status !== 'active') {
        throw new IllegalMoveError(id, task.status, 'agent.report-started', allowedIn(task))
      }
      await this.#refuseLiveAgent(task)
      return this.#record(id, { type: 'agent.report-started', data: await start(task) })
    })
  }

  /**
   * Brings log and world together: lost worktrees, vanished agents, and all that is owed and held by nobody alive.
   * What cannot be done now is told to the listeners as a problem, and stays owed.
   */
  async recover(signal?: AbortSignal): Promise<void> {
    await this.refresh()
    const odd = await discrepancies(this.ports, this.tasks())
    const unsettled = this.tasks().filter((task) => odd.has(task.id) || nextEffect(task) !== null)
    await eachOf(unsettled, RECOVERY_CONCURRENCY, async ({ id }) => {
      // Whoever holds the task's lock is alive, and does what is owed itself.
      const lock = await this.ports.locks.tryAcquire(lockOf(id))
      if (lock === null) return
      try {
        await this.refresh()
        await this.#settle(existing(this.#projection, id), signal)
      } catch (error) {
        signal?.throwIfAborted()
        this.#report(id, error)
      } finally {
        await lock.release()
      }
    })
  }

  /** Every task's state as it was when the log had so many facts. */
  stateAt(sequence: number): Promise<TaskStates> {
    return stateAt(this.ports.log, sequence)
  }

  async close(): Promise<void> {
    try {
      if (this.ports.snapshots !== null) await this.#projection.save(this.ports.snapshots)
    } finally {
      await this.ports.log.close()
    }
  }

  async #exclusively<T>(
    id: string,
    signal: AbortSignal | undefined,
    work: (task: TaskState) => Promise<T>,
  ): Promise<T> {
    await this.refresh()
    existing(this.#projection, parseTaskId(id))
    return withLock(this.ports.locks, lockOf(id), signal, async () => {
      await this.refresh()
      return work(existing(this.#projection, id))
    })
  }

  /** Makes the command's facts durable, then does what the task owes. */
  async #carryOut(id: string, request: Request, signal?: AbortSignal): Promise<TaskState> {
    return this.#settle(await this.#record(id, request), signal)
  }

  /** Records what the world has lost of a task behind the log's back, then does what the task owes. */
  async #settle(task: TaskState, signal?: AbortSignal): Promise<TaskState> {
    const { id } = task
    const reports = (await discrepancies(this.ports, [task])).get(id) ?? []
    for (const report of reports) await this.#record(id, report)
    try {
      const record = (report: Request): Promise<TaskState> => this.#record(id, report)
      return await perform(this.ports, existing(this.#projection, id), record, signal)
    } catch (error) {
      const reached = existing(this.#projection, id)
      if (nextEffect(reached) !== 'remove') throw error
      // What was asked for is done and durable; only the tidying up has to wait.
      this.#report(id, error)
      return reached
    }
  }

  #record(id: string, request: Request): Promise<TaskState> {
    return execute(this.ports, this.#projection, id, request)
  }

  #report(id: string, error: unknown): void {
    const effect = nextEffect(existing(this.#projection, id))
    const cause = error instanceof Error ? error : new Error(String(error))
    this.listeners.report({ task: id, effect, error: cause })
  }

  async #refuseExisting(id: string): Promise<void> {
    await this.refresh()
    const task = this.find(id)
    if (task !== null) throw new TaskExistsError(id, task.status)
  }

  async #refuseLiveAgent({ id, agent }: TaskState): Promise<void> {
    if (agent !== null && (await this.ports.agents.isAlive(agent))) throw new AgentRunningError(id, agent.pid)
  }
}

function lockOf(id: string): string {
  return `task-${id}`
}

/** @throws {IllegalMoveError} when a person cannot give the command now */
function requireAllowed(task: TaskState, command: CommandType): void {
  const allowed = allowedIn(task)
  if (!allowed.includes(command)) throw new IllegalMoveError(task.id, task.status, command, allowed)
}

function checkpointRequest(outcome: Pinned | Missing, message: string | null): Request {
  return outcome.kind === 'missing'
    ? { type: 'worktree.report-lost', data: {} }
    : { type: 'task.checkpoint', data: { checkpoint: outcome.checkpoint, message } }
}
