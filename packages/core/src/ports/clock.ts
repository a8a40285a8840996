export interface Clock {
  /** The time now, ISO 8601 with milliseconds, in UTC. */
  now(): string

  /** Resolves after so many milliseconds; rejects with the signal's reason when aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
}
