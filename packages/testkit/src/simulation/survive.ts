import type { Scheduler } from 'fast-check'
import type { SimulatedWorld } from '../world/simulated-world.js'
import { BrokenProgram } from './broken-program.js'
import type { Program } from './life.js'
import { Lives } from './lives.js'
import type { ProgramFault } from './program-fault.js'

export interface Survived<T> {
  readonly value: T
  /** What befell the program, life by life, in words. */
  readonly troubles: readonly string[]
}

/**
 * Runs a program in a process that the first of these faults befalls; starts it again, up to the second one, and so on; and
 * lets it come to its end at last. A program that ends with a failure that was injected, or with one that this caused, is
 * started again, too, as one that was killed. Where a fault makes two processes of it, each may end with any error, which
 * the other one may have caused: what it must not do is harm. A life that nothing befell has to come to its end.
 *
 * @param atEnd asserts what has to be true when the program has come to its end, and every process of it with it
 * @param scheduler says whose step comes next where two processes go on; by default they take turns. In a property it is
 * `fc.scheduler()`'s.
 * @throws {BrokenProgram} with what the program, or the assertion, throws otherwise as its cause; its message tells of every
 * life at which step it ended and what it had recorded
 */
export async function survive<T>(
  world: SimulatedWorld,
  program: Program<T>,
  faults: readonly ProgramFault[],
  atEnd: (value: T) => void | Promise<void> = () => undefined,
  scheduler: Scheduler | null = null,
): Promise<Survived<T>> {
  const lives = new Lives(world, program, scheduler)
  try {
    const value = await lives.toTheEnd(faults)
    await atEnd(value)
    return { value, troubles: lives.told.flatMap(({ trouble }) => trouble ?? []) }
  } catch (error) {
    throw new BrokenProgram(lives.told, error)
  } finally {
    lives.killAll()
  }
}
