import { streamOf, type Fact, type RecordedFact } from '@coppice/core'

/** Facts as a log with nothing but this one task in it would hold them. */
export function recorded(facts: readonly Fact[], id = 'fix-login', after = 0): RecordedFact[] {
  return facts.map((fact, index) => {
    const sequence = after + index + 1
    return { ...fact, sequence, stream: streamOf(id), version: sequence, hash: `hash-${sequence}` }
  })
}
