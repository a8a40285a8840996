import type { EventLog, FactOf, RecordedFact } from '@coppice/core'

export function parked(reason: string | number | null): FactOf<'task.parked'> {
  return {
    type: 'task.parked',
    at: '2024-01-02T03:04:05.678Z',
    data: { reason: reason === null ? null : String(reason) },
  }
}

export function manyParked(count: number): FactOf<'task.parked'>[] {
  return Array.from({ length: count }, (_, index) => parked(index))
}

export async function factsOf(log: EventLog, from = 1): Promise<RecordedFact[]> {
  const facts: RecordedFact[] = []
  for await (const fact of log.read(from)) facts.push(fact)
  return facts
}
