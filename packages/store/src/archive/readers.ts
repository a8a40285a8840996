import { closeSync, openSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { tryLock } from 'fs-native-extensions'
import { LockFile } from '../locks/lock-file.js'

/** How often, and after how many milliseconds, a reader looks again while another process removes files. */
const LOOKS = 200
const LOOK_MS = 5

/**
 * Who relies on the files of an archive holds a shared lock, and only who gets the lock alone removes any. The kernel
 * frees it when its holder dies. Entering writes nothing, so that it works where nothing may be written.
 */
export class Readers {
  #fd: number | null = null

  /** @param path the lock's file, which the first saver makes */
  constructor(private readonly path: string) {}

  /** Files stay from now on. Answers false where nobody ever saved, and where locks do not work. */
  async enter(): Promise<boolean> {
    for (let looks = 0; looks < LOOKS; looks++) {
      try {
        this.#fd ??= openSync(this.path, 'r')
        if (tryLock(this.#fd, { shared: true })) return true
      } catch {
        break
      }
      await sleep(LOOK_MS)
    }
    this.leave()
    return false
  }

  leave(): void {
    if (this.#fd !== null) closeSync(this.#fd)
    this.#fd = null
  }

  /**
   * Does the work if nobody else reads, and is a reader afterwards. Called by one saver at a time, so that nobody
   * removes anything between the steps.
   */
  async whenAlone(work: () => void): Promise<void> {
    this.leave()
    const lock = new LockFile(this.path)
    try {
      if (lock.tryLock()) work()
    } finally {
      lock.close()
      await this.enter()
    }
  }
}
