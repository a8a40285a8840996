import { setImmediate } from 'node:timers/promises'

/** Lets everything else that goes on in this process come to its turn, some number of times. */
export async function passTurns(count: number): Promise<void> {
  for (let passed = 0; passed < count; passed++) await setImmediate()
}

/** Waits some turns, or until something has come to its end; answers whether it has. */
export function isOverWithin(work: Promise<unknown>, turns: number): Promise<boolean> {
  return Promise.race([work.then(() => true), passTurns(turns).then(() => false)])
}
