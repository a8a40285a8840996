import { isCoppiceError } from '@coppice/core'
import { LowdbSnapshots } from '@coppice/store'

/** Saves snapshots as the engine does: each hands over the tasks that are done since the one before. */
export class SnapshotSaver {
  #snapshots
  #failures = []
  /** Every task that is done, and those of them that no saved snapshot has yet. */
  #done = new Set()
  #fresh = new Set()
  #isLoaded = false

  constructor(directory) {
    this.#snapshots = new LowdbSnapshots(directory, (error) => this.#failures.push(error))
  }

  /**
   * @param fact up to which the snapshot goes
   * @param task one more that is done by then
   * @param announce told the ids of all done tasks, just before they are saved
   * @returns whether it was saved; if not, the next snapshot has its tasks too
   * @throws {CoppiceError} why it was not
   */
  async save({ sequence, hash }, task, announce) {
    if (!this.#isLoaded) await this.#load()
    this.#done.add(task)
    this.#fresh.add(task)
    const isSaved = await this.#saveFresh({ schema: 1, sequence, hash, live: [] }, announce)
    const [failure] = this.#failures.splice(0)
    if (failure instanceof Error) throw failure
    if (isSaved) this.#fresh.clear()
    return isSaved
  }

  async #load() {
    const found = await this.#snapshots.load()
    if (found !== null) for (const { task } of this.#snapshots.done()) this.#done.add(task.id)
    this.#isLoaded = true
  }

  async #saveFresh(snapshot, announce) {
    try {
      return await this.#snapshots.save(() => {
        announce(this.#done)
        return { snapshot, done: new Map([...this.#fresh].map((id) => [id, { first: 1, task: { id } }])) }
      })
    } catch (error) {
      if (!isCoppiceError(error, 'snapshot-lost')) throw error
      // A part of the cache is gone: the next one is given everything again.
      this.#snapshots.discard()
      this.#fresh = new Set(this.#done)
      throw error
    }
  }
}
