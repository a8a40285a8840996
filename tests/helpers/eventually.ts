import { setTimeout as delay } from 'node:timers/promises'

/** Waits until a condition holds; the test's own time limit ends a wait in vain. */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(10)
}
