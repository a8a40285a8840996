import { join } from 'node:path'
import type { Lock, Locks } from '@coppice/core'
import { LockFile } from './lock-file.js'
import { Turns } from './turns.js'

/**
 * A lock `name` is the file `<directory>/<name>.lock`, made when it is first taken. Waiters of this process are
 * served first come first served; between processes whoever looks first has it.
 */
export class FileLocks implements Locks {
  readonly #turns = new Turns()

  constructor(private readonly directory: string) {}

  /**
   * @throws {LockError} when the lock's file cannot be made or opened
   */
  async acquire(name: string, signal?: AbortSignal): Promise<Lock> {
    await this.#turns.take(name, signal)
    const file = this.#file(name)
    try {
      await file.lock(signal)
      return this.#held(name, file)
    } catch (error) {
      this.#end(name, file)
      throw error
    }
  }

  async tryAcquire(name: string): Promise<Lock | null> {
    if (!this.#turns.tryTake(name)) return null
    const file = this.#file(name)
    try {
      if (file.tryLock()) return this.#held(name, file)
    } catch (error) {
      this.#end(name, file)
      throw error
    }
    this.#end(name, file)
    return null
  }

  #file(name: string): LockFile {
    return new LockFile(join(this.directory, `${name}.lock`))
  }

  #held(name: string, file: LockFile): Lock {
    let isHeld = true
    return {
      release: async () => {
        if (!isHeld) return
        isHeld = false
        this.#end(name, file)
      },
    }
  }

  #end(name: string, file: LockFile): void {
    file.close()
    this.#turns.give(name)
  }
}
