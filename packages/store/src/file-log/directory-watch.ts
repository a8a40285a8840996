import { watch, type FSWatcher } from 'node:fs'
import type { Changes } from '../subscription/changes.js'

/**
 * Notices what other processes append, while anybody follows. Only a hint that comes early: followers poll
 * besides, since watching may fail, miss changes, or find no directory yet.
 */
export class DirectoryWatch {
  #watcher: FSWatcher | null = null
  #users = 0

  constructor(
    private readonly directory: string,
    private readonly changes: Changes,
  ) {}

  start(): void {
    this.#users += 1
  }

  /** Watches from now on, if it does not yet and the directory is there by now. */
  ensure(): void {
    if (this.#watcher !== null || this.#users === 0) return
    try {
      this.#watcher = watch(this.directory, { persistent: false }, () => this.changes.notify())
      this.#watcher.on('error', () => this.#close())
    } catch {
      this.#watcher = null
    }
  }

  stop(): void {
    this.#users -= 1
    if (this.#users === 0) this.#close()
  }

  #close(): void {
    this.#watcher?.close()
    this.#watcher = null
  }
}
