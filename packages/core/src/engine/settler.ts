import type { Request } from '../commands/command.js'
import { nextEffect } from '../effects/next-effect.js'
import type { TaskState } from '../task/state.js'
import type { Cancellation } from './cancellation.js'
import { discrepancies } from './discrepancies.js'
import { execute, existing } from './execute.js'
import type { Listeners } from './listeners.js'
import { perform } from './perform.js'
import type { EnginePorts } from './ports.js'
import type { Projection } from './projection.js'

/** Is told of every state that a task comes to. */
export type Teller = (state: TaskState) => void

/** Brings one task's log and world together. Every method is called under the task's lock. */
export class Settler {
  constructor(
    private readonly ports: EnginePorts,
    private readonly projection: Projection,
    private readonly listeners: Listeners,
  ) {}

  /** Makes a command's facts durable. */
  record(id: string, request: Request): Promise<TaskState> {
    return execute(this.ports, this.projection, id, request)
  }

  /** Makes a command's facts durable, then does what the task owes. */
  async carryOut(
    id: string,
    request: Request,
    cancellation: Cancellation,
    tell?: Teller,
  ): Promise<TaskState> {
    return this.settle(await this.record(id, request), cancellation, tell)
  }

  /** Records what the world has lost of a task behind the log's back, then does what the task owes. */
  async settle(task: TaskState, cancellation: Cancellation, tell?: Teller): Promise<TaskState> {
    const { id } = task
    const record = async (report: Request): Promise<TaskState> => {
      const state = await this.record(id, report)
      tell?.(state)
      return state
    }
    for (const report of await discrepancies(this.ports, task)) await record(report)
    try {
      return await perform(this.ports, await existing(this.projection, id), record, cancellation)
    } catch (error) {
      const reached = await existing(this.projection, id)
      if (nextEffect(reached) !== 'remove') throw error
      // What was asked for is done and durable; only the tidying up has to wait.
      await this.report(id, error)
      return reached
    }
  }

  /** Tells the listeners of something owed that could not be done now. */
  async report(id: string, error: unknown): Promise<void> {
    const effect = nextEffect(await existing(this.projection, id))
    const cause = error instanceof Error ? error : new Error(String(error))
    this.listeners.report({ task: id, effect, error: cause })
  }
}
