import fc from 'fast-check'
import type { Fault } from './move.js'

/**
 * What befalls a program at one of its steps, counted from its start; the first is 1. `crash`: it is killed before the step.
 * `fail`: the step fails. `pause`: its process stands still, and the program is started a second time meanwhile; it wakes up
 * when the others have ended, or when none of them can go on without it. `beside`: the program is started a second time, and
 * both go on.
 */
export interface ProgramFault {
  readonly step: number
  readonly kind: Fault['kind'] | 'beside'
}

export interface FaultsOptions {
  /** Lives that do not come to their end undisturbed, at most; 3 by default. */
  readonly maxLives?: number
  /** The last step at which one is disturbed; 60 by default. */
  readonly maxStep?: number
  /** What there may be; by default `crash` and `fail`, with which there is never more than one process. */
  readonly kinds?: readonly ProgramFault['kind'][]
}

/** Faults for `survive`. */
export function arbitraryFaults({
  maxLives = 3,
  maxStep = 60,
  kinds = ['crash', 'fail'],
}: FaultsOptions = {}): fc.Arbitrary<readonly ProgramFault[]> {
  const fault = fc.record({ step: fc.integer({ min: 1, max: maxStep }), kind: fc.constantFrom(...kinds) })
  return fc.array(fault, { maxLength: maxLives })
}
