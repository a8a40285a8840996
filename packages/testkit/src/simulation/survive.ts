import type { EnginePorts } from '@coppice/core'
import fc from 'fast-check'
import type { SimulatedWorld } from '../world/simulated-world.js'
import { BrokenProgram, type ProgramLife } from './broken-program.js'
import { DisturbedSteps, SimulatedFailure } from './disturbed-steps.js'
import type { Fault } from './move.js'

/** What befalls a program: at which of its steps, counted from its start, it is killed or fails. */
export type ProgramFault = Fault & { readonly kind: 'crash' | 'fail' }

/** What a program is run with: the ports of its process, for `Engine.open` or for `openCoppiceOn`. */
export type Program<T> = (ports: EnginePorts) => Promise<T>

export interface Survived<T> {
  readonly value: T
  /** What befell the program, life by life, in words. */
  readonly troubles: readonly string[]
}

/**
 * Runs a program in a process that is killed, or in which something fails, at the first of these faults; starts it again,
 * up to the second one, and so on; and lets it come to its end at last. A program that ends with a failure that was
 * injected, or with one that this caused, is started again, too, as one that was killed.
 *
 * @param atEnd asserts what has to be true when the program has come to its end
 * @throws {BrokenProgram} with what the program, or the assertion, throws otherwise as its cause; its message tells of every
 * life at which step it ended and what it had recorded
 */
export async function survive<T>(
  world: SimulatedWorld,
  program: Program<T>,
  faults: readonly ProgramFault[],
  atEnd: (value: T) => void | Promise<void> = () => undefined,
): Promise<Survived<T>> {
  const lives: ProgramLife[] = []
  let recorded = world.disk.after(0).length
  const tell = (trouble: string | null): void => {
    const facts = world.disk.after(recorded)
    recorded += facts.length
    lives.push({ trouble, facts })
  }
  try {
    for (const fault of [...faults, null]) {
      const end = await live(world, program, fault, tell)
      if (end === null) continue
      await atEnd(end.value)
      return { value: end.value, troubles: lives.flatMap(({ trouble }) => trouble ?? []) }
    }
  } catch (error) {
    throw new BrokenProgram(lives, error)
  }
  throw new BrokenProgram(lives, new Error('the program failed though nothing befell it'))
}

/** What the program came to, or null when it was killed. */
async function live<T>(
  world: SimulatedWorld,
  program: Program<T>,
  fault: Fault | null,
  tell: (trouble: string | null) => void,
): Promise<{ readonly value: T } | null> {
  let die: () => void = () => undefined
  const died = new Promise<null>((resolve) => (die = () => resolve(null)))
  const steps = new DisturbedSteps(
    () => Promise.resolve(),
    () => {
      process.kill()
      die()
    },
  )
  const process = world.start(steps)
  steps.expect(fault)
  try {
    return await Promise.race([program(process.ports).then((value) => ({ value })), died])
  } catch (error) {
    if (!isInjected(error)) throw error
    return null
  } finally {
    process.kill()
    tell(steps.trouble)
  }
}

/** A program may wrap the failure in an error of its own, more than once. */
function isInjected(error: unknown): boolean {
  const seen = new Set<unknown>()
  for (let each = error; each instanceof Error && !seen.has(each); each = each.cause) {
    if (each instanceof SimulatedFailure) return true
    seen.add(each)
  }
  return false
}

/** Faults for `survive`: up to so many lives that end before their time. */
export function arbitraryFaults(
  options: { readonly maxLives?: number; readonly maxStep?: number } = {},
): fc.Arbitrary<readonly ProgramFault[]> {
  const { maxLives = 3, maxStep = 60 } = options
  const fault = fc.record({
    step: fc.integer({ min: 1, max: maxStep }),
    kind: fc.constantFrom('crash', 'fail' as const),
  })
  return fc.array(fault, { maxLength: maxLives })
}
