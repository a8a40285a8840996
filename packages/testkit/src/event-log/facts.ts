import type { FactOf, RecordedFact } from '@coppice/core'

/** A fact that can be told from others by its reason. */
export function parked(reason: string | number): FactOf<'task.parked'> {
  return { type: 'task.parked', at: '2024-01-02T03:04:05.678Z', data: { reason: String(reason) } }
}

/** As many facts, with the reasons `<prefix>0`, `<prefix>1` and so on. */
export function manyParked(count: number, prefix = ''): FactOf<'task.parked'>[] {
  return Array.from({ length: count }, (_, index) => parked(`${prefix}${index}`))
}

export function reasonsOf(facts: readonly RecordedFact[]): (string | null)[] {
  return facts.map((fact) => (fact.type === 'task.parked' ? fact.data.reason : fact.type))
}
