import { uptime } from 'node:os'

/**
 * Whether something is from before this machine was started, so that no process that made it can be alive.
 *
 * @param timeMs milliseconds since 1970
 */
export function isBeforeBoot(timeMs: number): boolean {
  return timeMs < Date.now() - uptime() * 1_000
}
