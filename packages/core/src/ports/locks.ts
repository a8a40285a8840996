/** Named locks that exclude every other holder, in this process and in others, and die with their holder. */
export interface Locks {
  /** Waits until the lock is free. Rejects with the signal's reason when aborted. */
  acquire(name: string, signal?: AbortSignal): Promise<Lock>

  /** Takes the lock if it is free now, else answers null. */
  tryAcquire(name: string): Promise<Lock | null>
}

export interface Lock {
  release(): Promise<void>
}

/** Runs work under a lock, and releases it whatever comes of the work. */
export async function withLock<T>(
  locks: Locks,
  name: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const lock = await locks.acquire(name, signal)
  try {
    return await work()
  } finally {
    await lock.release()
  }
}
