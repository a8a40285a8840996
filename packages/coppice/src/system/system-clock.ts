import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '@coppice/core'

/** The time of this machine. */
export class SystemClock implements Clock {
  now(): string {
    return new Date().toISOString()
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    try {
      await delay(milliseconds, undefined, { signal })
    } catch (error) {
      // Node wraps the reason into an AbortError of its own; the port promises the reason itself.
      signal?.throwIfAborted()
      throw error
    }
  }
}
