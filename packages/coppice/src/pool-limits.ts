import { InvalidPoolLimitError } from './errors.js'

export interface PoolLimits {
  /** How many ready worktrees wait for tasks. */
  readonly size: number
  /** What all of them may take on the disk. */
  readonly maxBytes: number
}

/** Ready worktrees where nothing else is said. */
export const DEFAULT_POOL_SIZE = 2

/** More wait for nobody: a task takes one at a time, and the next is made meanwhile. */
export const MAX_POOL_SIZE = 64

const GIBIBYTE = 2 ** 30
export const DEFAULT_POOL_BYTES = 2 * GIBIBYTE

/** What is asked for, as a number or as git's configuration has it; null or undefined where nothing is said. */
interface Wanted {
  readonly given: number | undefined
  readonly configured: string | null
}

/**
 * The pool's limits: as the caller says, else the configuration.
 *
 * @throws {InvalidPoolLimitError}
 */
export function poolLimits(size: Wanted, maxBytes: Wanted): PoolLimits {
  return {
    size: limit(size, DEFAULT_POOL_SIZE, { name: 'poolSize', most: MAX_POOL_SIZE }),
    maxBytes: limit(maxBytes, DEFAULT_POOL_BYTES, { name: 'poolMaxBytes', most: Number.MAX_SAFE_INTEGER }),
  }
}

function limit(
  { given, configured }: Wanted,
  otherwise: number,
  { name, most }: { readonly name: string; readonly most: number },
): number {
  const wanted = given ?? (configured === null ? otherwise : inUnits(configured))
  if (Number.isSafeInteger(wanted) && wanted >= 0 && wanted <= most) return wanted
  throw new InvalidPoolLimitError(name, String(given ?? configured), most)
}

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: GIBIBYTE }

/** A whole number as git's own settings have them, with a unit or without. */
function inUnits(text: string): number {
  const [, digits, unit = ''] = /^(\d+)([kmg]?)$/i.exec(text) ?? []
  return digits === undefined ? Number.NaN : Number(digits) * (UNITS[unit.toLowerCase()] ?? Number.NaN)
}
