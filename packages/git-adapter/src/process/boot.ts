import { uptime } from 'node:os'
import { readText } from '../files/look.js'

/** Where Linux says which boot this is. */
const BOOT_ID = '/proc/sys/kernel/random/boot_id'

/** Milliseconds by which the time of one boot may be told differently, for the clock is set now and then. */
const SETTING_MS = 10_000

/**
 * Whether something is from before this machine was started, so that no process that made it can be alive.
 *
 * @param timeMs milliseconds since 1970
 */
export function isBeforeBoot(timeMs: number): boolean {
  return timeMs < bootMs()
}

/** A text that tells this boot from any other: its id, or its time where the system gives it none. */
export async function currentBoot(): Promise<string> {
  return (await readText(BOOT_ID)) ?? `${Math.round(bootMs())}\n`
}

/** Whether two such texts are of one boot; null, for none, is of no boot. */
export function isSameBoot(one: string | null, other: string): boolean {
  const areTimes = [one, other].every((text) => /^\d+\n$/.test(text ?? ''))
  return areTimes ? Math.abs(Number(one) - Number(other)) < SETTING_MS : one === other
}

function bootMs(): number {
  return Date.now() - uptime() * 1_000
}
