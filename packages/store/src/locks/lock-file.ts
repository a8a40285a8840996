import { closeSync, fstatSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { tryLock, unlock } from 'fs-native-extensions'
import { isFileAt } from '../disk/is-file-at.js'
import { LockError } from '../errors/lock-error.js'

/** Milliseconds between two looks at a lock that another descriptor holds; random, so that waiters disperse. */
const MIN_POLL_MS = 1
const MAX_POLL_MS = 10

/** How a system says that a file may not be written. */
const FORBIDDEN = new Set(['EACCES', 'EPERM', 'EROFS'])

/**
 * One file with an open file description lock. It excludes every other descriptor, also of this process, and the
 * kernel frees it when its holder dies. The file is made when it is first locked and never deleted, because
 * a lock on a deleted file excludes nobody.
 */
export class LockFile {
  #fd: number | null = null
  /** Whether the file could not be opened for writing. */
  #isShared = false

  /**
   * @param use who locks it for `reading` and may not write the file shares it with others who may not; it keeps writers
   * out all the same
   */
  constructor(
    readonly path: string,
    private readonly use: 'writing' | 'reading' = 'writing',
  ) {}

  /** @throws {LockError} when the file cannot be made or opened */
  tryLock(): boolean {
    try {
      this.#fd ??= this.#open()
      // Nobody has ever locked it, and who cannot make it changes nothing.
      if (this.#fd === null) return true
      if (!(this.#isShared ? tryLock(this.#fd, { shared: true }) : tryLock(this.#fd))) return false
      // Somebody may have deleted or replaced the file; the lock has to be on the one that others will open.
      if (isFileAt(this.path, fstatSync(this.#fd))) return true
    } catch (cause) {
      // It may be held by now, and nobody would ever free it.
      this.close()
      throw new LockError(this.path, cause)
    }
    this.close()
    return this.tryLock()
  }

  /** Polls, because a blocking wait would hold one of the few threads that all file operations share. */
  async lock(signal?: AbortSignal): Promise<void> {
    while (!this.tryLock()) {
      const pause = MIN_POLL_MS + Math.random() * (MAX_POLL_MS - MIN_POLL_MS)
      await sleep(pause, undefined, signal && { signal }).catch((error: unknown) => {
        signal?.throwIfAborted()
        throw error
      })
    }
  }

  unlock(): void {
    try {
      if (this.#fd !== null) unlock(this.#fd)
    } catch {
      // To close the file frees the lock as well.
      this.close()
    }
  }

  #open(): number | null {
    this.#isShared = false
    try {
      return openLockFile(this.path)
    } catch (error) {
      if (this.use === 'writing' || !FORBIDDEN.has(codeOf(error))) throw error
    }
    try {
      this.#isShared = true
      return openSync(this.path, 'r')
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return null
      throw error
    }
  }

  /** Frees the lock too, if it is held. */
  close(): void {
    if (this.#fd !== null) closeSync(this.#fd)
    this.#fd = null
  }
}

function openLockFile(path: string): number {
  mkdirSync(dirname(path), { recursive: true })
  return openSync(path, 'a')
}

function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException).code)
}
