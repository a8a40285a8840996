/** What a value of a fact's data has to be: answers with what is wrong with one, or null. */
export type Kind = (value: unknown, name: string) => string | null

const OBJECT_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/

export const text = kind('a text', (value) => typeof value === 'string')
export const truth = kind('true or false', (value) => typeof value === 'boolean')
export const count = kind('a whole number', (value) => Number.isSafeInteger(value))
export const objectId = kind(
  'a full hexadecimal object id',
  (value) => typeof value === 'string' && OBJECT_ID.test(value),
)

export function oneOf(...values: readonly string[]): Kind {
  return kind(`one of ${values.join(', ')}`, (value) => values.some((each) => each === value))
}

export function orNull(each: Kind): Kind {
  return (value, name) => (value === null ? null : each(value, name))
}

export function orLeftOut(each: Kind): Kind {
  return (value, name) => (value === undefined ? null : each(value, name))
}

export function listOf(each: Kind): Kind {
  return (value, name) => {
    if (!Array.isArray(value)) return not('a list', value, name)
    return first(value.map((item, index) => each(item, `${name}[${index}]`)))
  }
}

/** An object with these fields; it may have others. */
export function fields(kinds: Readonly<Record<string, Kind>>): Kind {
  return (value, name) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return not('an object', value, name)
    const found = new Map(Object.entries(value))
    return first(Object.entries(kinds).map(([field, each]) => each(found.get(field), `${name}.${field}`)))
  }
}

function kind(what: string, is: (value: unknown) => boolean): Kind {
  return (value, name) => (is(value) ? null : not(what, value, name))
}

function not(what: string, value: unknown, name: string): string {
  return `${name} is ${value === undefined ? 'missing' : JSON.stringify(value)}, and has to be ${what}`
}

function first(problems: readonly (string | null)[]): string | null {
  return problems.find((problem) => problem !== null) ?? null
}
