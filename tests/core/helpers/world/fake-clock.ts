import type { Clock } from '@coppice/core'

/** A clock that is a millisecond later at every look, and sleeps in no time but remembers how long. */
export class FakeClock implements Clock {
  readonly slept: number[] = []
  #now = Date.parse('2026-01-02T03:04:05.000Z')

  now(): string {
    this.#now += 1
    return new Date(this.#now).toISOString()
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    this.slept.push(milliseconds)
    signal?.throwIfAborted()
  }
}
