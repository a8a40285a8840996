import { isCoppiceError } from '../errors/coppice-error.js'
import type { RecordedFact } from '../facts/recorded-fact.js'
import type { EventLog } from '../ports/event-log.js'
import type { Snapshots } from '../ports/snapshots.js'
import type { TaskState } from '../task/state.js'
import type { TaskStatus } from '../task/status.js'
import { SnapshotKeeper } from './snapshot-keeper.js'
import { TaskTable } from './task-table.js'

/** The fold of the log so far, kept up to date in log order. */
export class Projection {
  #tasks: TaskTable
  #position = 0
  #hash = ''
  #queue: Promise<unknown> = Promise.resolve()
  readonly #keeper: SnapshotKeeper | null
  /** Whether the snapshot turned out damaged, so that everything has to be read from the log. */
  #isSnapshotLost = false

  constructor(
    private readonly log: EventLog,
    private readonly snapshots: Snapshots | null,
    private readonly onFact: (fact: RecordedFact) => void,
  ) {
    this.#tasks = new TaskTable(snapshots)
    this.#keeper =
      snapshots &&
      new SnapshotKeeper(snapshots, () => ({
        tasks: this.#tasks,
        position: this.#position,
        hash: this.#hash,
      }))
  }

  /** The sequence of the last fact that is folded in; 0 before the first. */
  get position(): number {
    return this.#position
  }

  /**
   * @param known a state of it that was found earlier; it saves looking up a finished task again
   * @throws {SnapshotLostError}
   */
  find(id: string, known?: TaskState): TaskState | null {
    return this.#noticingLoss(() => this.#tasks.find(id, known))
  }

  /** Like `find`, but reads the log where the snapshot is lost. */
  async get(id: string): Promise<TaskState | null> {
    try {
      return this.find(id)
    } catch (error) {
      if (!isSnapshotLost(error)) throw error
      await this.refresh()
      return this.find(id)
    }
  }

  /**
   * The tasks of some statuses, in the order of their requests.
   *
   * @throws {SnapshotLostError}
   */
  list(statuses: readonly TaskStatus[]): TaskState[] {
    return this.#noticingLoss(() => this.#tasks.list(statuses))
  }

  /** All tasks but those that are done. */
  live(): TaskState[] {
    return this.#tasks.live()
  }

  /** Starts from a snapshot if there is a good one, and folds in everything that the log has by now. */
  async open(): Promise<void> {
    try {
      const snapshot = (await this.#keeper?.load(this.log)) ?? null
      if (snapshot !== null) {
        this.#tasks = new TaskTable(this.snapshots, snapshot.live)
        this.#position = snapshot.sequence
        this.#hash = snapshot.hash
      }
      await this.refresh()
    } catch (error) {
      this.#keeper?.close()
      throw error
    }
  }

  /** Folds in everything that the log has by now. */
  refresh(): Promise<void> {
    return this.#inOrder(async () => {
      if (this.#isSnapshotLost) await this.#rebuild()
      await this.#whole(() => this.#readOn())
      this.#saveWhileRunning()
    })
  }

  /** Folds in facts that were just appended; if others came before them, those are read first. */
  absorb(facts: readonly RecordedFact[]): Promise<void> {
    const first = facts[0]
    if (first === undefined) return Promise.resolve()
    return this.#inOrder(async () => {
      await this.#whole(async () => {
        if (first.sequence > this.#position + 1) await this.#readOn()
        for (const fact of facts) this.#fold(fact)
      })
      this.#saveWhileRunning()
    })
  }

  /** Saves what has come since the last snapshot, if it is much. */
  close(): Promise<void> {
    return this.#inOrder(async () => {
      try {
        await this.#whole(async () => this.#keeper?.whenClosing())
      } finally {
        this.#keeper?.close()
      }
    })
  }

  async #readOn(): Promise<void> {
    for await (const fact of this.log.read(this.#position + 1)) this.#fold(fact)
  }

  #fold(fact: RecordedFact): void {
    if (fact.sequence <= this.#position) return
    this.#tasks.fold(fact)
    this.#position = fact.sequence
    this.#hash = fact.hash
    this.onFact(fact)
  }

  /** Does the work, and does it anew on what the log says if the snapshot is lost. */
  async #whole(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (!isSnapshotLost(error)) throw error
      await this.#rebuild()
      await work()
    }
  }

  /** Reads again what was folded so far, and tells nobody; until it is complete the old table answers. */
  async #rebuild(): Promise<void> {
    await this.#keeper?.settled()
    const tasks = new TaskTable(this.snapshots)
    for await (const fact of this.log.read()) {
      if (fact.sequence > this.#position) break
      tasks.fold(fact)
    }
    this.#keeper?.discard()
    this.#tasks = tasks
    this.#isSnapshotLost = false
  }

  #saveWhileRunning(): void {
    this.#keeper?.whileRunning(() => (this.#isSnapshotLost = true))
  }

  #noticingLoss<T>(look: () => T): T {
    try {
      return look()
    } catch (error) {
      this.#isSnapshotLost ||= isSnapshotLost(error)
      throw error
    }
  }

  /** One reader at a time, so that facts are folded and told of in log order. */
  #inOrder(work: () => Promise<void>): Promise<void> {
    const result = this.#queue.then(work)
    // The caller gets the error through `result`; the queue itself goes on.
    this.#queue = result.catch(() => undefined)
    return result
  }
}

function isSnapshotLost(error: unknown): boolean {
  return isCoppiceError(error, 'snapshot-lost')
}
