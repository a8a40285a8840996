import type { Request } from '../commands/command.js'
import { allowedIn } from '../decide/decide.js'
import type { Diagnosis } from '../doctor/drift.js'
import {
  AgentRunningError,
  IllegalMoveError,
  TaskCreationError,
  TaskExistsError,
} from '../errors/task-errors.js'
import type { TaskStates } from '../evolve/replay.js'
import { withLock, type Lock } from '../ports/locks.js'
import type { TaskRequest } from '../ports/workspace.js'
import type { Checkpoint } from '../task/checkpoint.js'
import type { Agent, TaskState } from '../task/state.js'
import { TASK_STATUSES, type TaskStatus } from '../task/status.js'
import { parseTaskId } from '../task/task-id.js'
import { parseMessage, parseTitle } from '../task/text.js'
import type { Cancellation } from './cancellation.js'
import { checkpointActive } from './checkpoint-active.js'
import { existing } from './execute.js'
import { Listeners } from './listeners.js'
import { agentLockOf, taskLockOf } from './lock-names.js'
import type { EnginePorts } from './ports.js'
import { Projection } from './projection.js'
import { recover } from './recover.js'
import { Repairer, type RepairResult } from './repair.js'
import { Settler, type Teller } from './settler.js'
import { stateAt } from './state-at.js'
import { takeCheckpoint } from './take-checkpoint.js'

/** Takes commands, records what comes of them, and does what the tasks owe. One flow, one way round. */
export class Engine {
  readonly listeners = new Listeners()
  readonly #projection: Projection
  readonly #settler: Settler

  private constructor(private readonly ports: EnginePorts) {
    this.#projection = new Projection(ports.log, ports.snapshots, (fact) => this.listeners.tell(fact))
    this.#settler = new Settler(ports, this.#projection, this.listeners)
  }

  /** Replays the log. Nothing is done yet: `recover` does what is owed. */
  static async open(ports: EnginePorts): Promise<Engine> {
    const engine = new Engine(ports)
    await engine.#projection.open()
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

  /**
   * @param known a state of the task that was found earlier; it saves looking up a finished task again
   * @throws {SnapshotLostError} when a finished task cannot be looked up; after `refresh` it can
   */
  find(id: string, known?: TaskState): TaskState | null {
    return this.#projection.find(id, known)
  }

  /**
   * The tasks of some statuses, in the order of their requests.
   *
   * @throws {SnapshotLostError} when finished tasks cannot be looked up; after `refresh` they can
   */
  tasks(statuses: readonly TaskStatus[] = TASK_STATUSES): readonly TaskState[] {
    return this.#projection.list(statuses)
  }

  /** Makes a task and resolves when its worktree is ready. */
  async create(request: TaskRequest, signal?: AbortSignal): Promise<TaskState> {
    const id = parseTaskId(request.id)
    parseTitle(request.title)
    await this.#refuseExisting(id)
    const data = await this.ports.workspace.admit(request)
    return withLock(this.ports.locks, taskLockOf(id), signal, async () => {
      await this.#refuseExisting(id)
      const task = await this.#settler.carryOut(id, { type: 'task.request', data }, requested(signal))
      if (task.status !== 'failed') return task
      throw new TaskCreationError(id, task.failure ?? { code: 'unknown', message: 'unknown' }, task.attempts)
    })
  }

  /**
   * Gives a task a command, and does what it then owes. Operations on one task are serial.
   *
   * @param tell is told of every state that comes of it, once that is durable
   */
  command(id: string, request: Request, signal?: AbortSignal, tell?: Teller): Promise<TaskState> {
    return this.#exclusively(id, signal, async (task) => {
      if (request.type === 'task.park' || request.type === 'task.abandon') await this.#refuseLiveAgent(task)
      // A merge that is on record goes on after a power cut, and must not find files then that the cut has left empty.
      if (request.type === 'task.merge') await this.ports.workspace.sync(task)
      return this.#settler.carryOut(id, request, requested(signal), tell)
    })
  }

  /**
   * Does what a task still owes.
   *
   * @param force whether its worktree may be taken away although it is locked, or a process is at work in it
   */
  settle(id: string, force: boolean, signal?: AbortSignal): Promise<TaskState> {
    return this.#exclusively(id, signal, (task) =>
      this.#settler.settle(task, { ...requested(signal), force }),
    )
  }

  /** Pins a task's content and answers with the newest checkpoint: an old one, if nothing had changed. */
  async checkpoint(
    id: string,
    message: string | undefined,
    signal?: AbortSignal,
  ): Promise<Checkpoint | null> {
    const text = parseMessage(message)
    return this.#exclusively(id, signal, (task) =>
      takeCheckpoint(this.ports, this.#settler, task, text, requested(signal)),
    )
  }

  /** Pins what has changed in every active task that nobody is at; what could not be pinned is told as a problem. */
  checkpointActive(signal: AbortSignal): Promise<void> {
    return checkpointActive(this.ports, this.#projection, this.#settler, signal)
  }

  /**
   * Starts an agent in a task's worktree and records it, under the task's lock: nothing can be torn down between
   * the two. A task has one agent at a time. Answers with a lock to be held until the agent's exit is recorded; as
   * long as it is held, nobody else takes an ended agent for one that vanished.
   */
  startAgent(id: string, start: (task: TaskState) => Promise<Agent>, signal?: AbortSignal): Promise<Lock> {
    return this.#exclusively(id, signal, async (found) => {
      const task = await this.#settler.settle(found, requested(signal))
      if (task.status !== 'active') {
        throw new IllegalMoveError(id, task.status, 'agent.report-started', allowedIn(task))
      }
      await this.#refuseLiveAgent(task)
      const lock = await this.ports.locks.tryAcquire(agentLockOf(id))
      if (lock === null) throw new AgentRunningError(id, task.agent?.pid ?? null)
      try {
        await this.#settler.record(id, { type: 'agent.report-started', data: await start(task) })
      } catch (error) {
        await lock.release()
        throw error
      }
      return lock
    })
  }

  /** Brings log and world together: lost worktrees, vanished agents, and all that is owed and held by nobody alive. */
  recover(signal?: AbortSignal): Promise<void> {
    return recover(this.ports, this.#projection, this.#settler, signal)
  }

  /** Compares log and world, and changes neither. */
  diagnose(): Promise<Diagnosis> {
    return new Repairer(this.ports, this.#projection, this.#settler).diagnose()
  }

  /** Puts right what a diagnosis finds and what is safe to put right; in a dry run says what that would be. */
  repair(dryRun: boolean, signal?: AbortSignal): Promise<RepairResult> {
    return new Repairer(this.ports, this.#projection, this.#settler).repair(dryRun, signal)
  }

  /** Every task's state as it was when the log had so many facts. */
  stateAt(sequence: number): Promise<TaskStates> {
    return stateAt(this.ports.log, sequence)
  }

  async close(): Promise<void> {
    try {
      await this.#projection.close()
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
    await existing(this.#projection, parseTaskId(id))
    return withLock(this.ports.locks, taskLockOf(id), signal, async () => {
      await this.refresh()
      return work(await existing(this.#projection, id))
    })
  }

  async #refuseExisting(id: string): Promise<void> {
    await this.refresh()
    const task = await this.#projection.get(id)
    if (task !== null) throw new TaskExistsError(id, task.status)
  }

  async #refuseLiveAgent({ id, agent }: TaskState): Promise<void> {
    if (agent !== null && (await this.ports.agents.isAlive(agent))) throw new AgentRunningError(id, agent.pid)
  }
}

/** Who asks for something may cancel it. */
function requested(signal: AbortSignal | undefined): Cancellation {
  return { signal, isRequested: true }
}
