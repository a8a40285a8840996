import { streamOf, type Fact, type RecordedFact } from '@coppice/core'

/** Facts of one task, the sample's by default, as a log that holds nothing else records them behind so many others. */
export function recordFacts(facts: readonly Fact[], task = 'fix-login', after = 0): readonly RecordedFact[] {
  return facts.map((fact, index) => {
    const sequence = after + index + 1
    return { ...fact, sequence, stream: streamOf(task), version: sequence, hash: `hash-${sequence}` }
  })
}
