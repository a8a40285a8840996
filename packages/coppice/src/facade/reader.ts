import {
  parseTaskId,
  stateAt,
  TaskNotFoundError,
  type EventLog,
  type Projection,
  type RecordedFact,
  type TaskState,
  type TaskStates,
  type TaskStatus,
} from '@coppice/core'
import { eventsOf, type EventsOptions } from './events.js'

/** What the log says of the tasks, for whoever only reads: nothing can act that is reached from here. */
export class Reader {
  constructor(
    private readonly log: EventLog,
    private readonly projection: Projection,
  ) {}

  /** The position of the newest fact; 0 for an empty log. */
  get position(): number {
    return this.projection.position
  }

  /** @throws {InvalidTaskIdError} {TaskNotFoundError} */
  async task(id: string): Promise<TaskState> {
    const state = await this.projection.get(parseTaskId(id))
    if (state === null) throw new TaskNotFoundError(id)
    return state
  }

  /** The tasks of some statuses, in the order of their requests. */
  tasks(statuses: readonly TaskStatus[]): readonly TaskState[] {
    return this.projection.list(statuses)
  }

  /** The facts, in order. */
  events(options: EventsOptions): AsyncGenerator<RecordedFact> {
    return eventsOf(this.log, options)
  }

  /** @throws {PositionNotFoundError} */
  stateAt(sequence: number): Promise<TaskStates> {
    return stateAt(this.log, sequence)
  }

  async close(): Promise<void> {
    try {
      await this.projection.close()
    } finally {
      await this.log.close()
    }
  }
}
