import type { EnginePorts } from '@coppice/core'
import fc from 'fast-check'
import type { SimulatedWorld } from '../world/simulated-world.js'
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
 * injected is started again, too, as one that was killed.
 *
 * @throws what the program throws otherwise
 */
export async function survive<T>(
  world: SimulatedWorld,
  program: Program<T>,
  faults: readonly ProgramFault[],
): Promise<Survived<T>> {
  const troubles: string[] = []
  for (const fault of [...faults, null]) {
    const life = await live(world, program, fault)
    if (life.trouble !== null) troubles.push(life.trouble)
    if (life.end !== null) return { value: life.end.value, troubles }
  }
  throw new Error('the program failed though nothing befell it')
}

interface Life<T> {
  readonly trouble: string | null
  /** What the program came to, or null when it was killed. */
  readonly end: { readonly value: T } | null
}

async function live<T>(world: SimulatedWorld, program: Program<T>, fault: Fault | null): Promise<Life<T>> {
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
    const end = await Promise.race([program(process.ports).then((value) => ({ value })), died])
    return { trouble: steps.trouble, end }
  } catch (error) {
    if (!(error instanceof SimulatedFailure)) throw error
    return { trouble: steps.trouble, end: null }
  } finally {
    process.kill()
  }
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
