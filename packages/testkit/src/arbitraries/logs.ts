import type { RecordedFact } from '@coppice/core'
import fc from 'fast-check'
import { arbitraryHistory, type LifeOptions } from './lives.js'

/** A log in which the lives of several tasks are mingled. */
export function arbitraryLog(
  tasks: readonly string[],
  options: Omit<LifeOptions, 'task'> = {},
): fc.Arbitrary<readonly RecordedFact[]> {
  const lives = fc.tuple(...tasks.map((task) => arbitraryHistory({ ...options, task })))
  return fc.tuple(lives, fc.infiniteStream(fc.nat())).map(([each, picks]) => mingled(each, picks))
}

function mingled(
  lives: readonly (readonly RecordedFact[])[],
  picks: Iterator<number>,
): readonly RecordedFact[] {
  const log: RecordedFact[] = []
  for (let left = lives.filter((life) => life.length > 0); left.length > 0;) {
    const index = Number(picks.next().value) % left.length
    const [next, ...rest] = left[index] ?? []
    if (next !== undefined) log.push({ ...next, sequence: log.length + 1, hash: `hash-${log.length + 1}` })
    left = left.with(index, rest).filter((life) => life.length > 0)
  }
  return log
}
