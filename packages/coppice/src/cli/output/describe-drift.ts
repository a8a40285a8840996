import type { Diagnosis, Drift, RepairResult } from '@coppice/core'
import { printable } from './printable.js'

/** All that a doctor found: a block each, and a line of verdict. */
export function diagnosisText({ healthy, drifts }: Diagnosis): string {
  return [...drifts.flatMap(driftLines), verdict(healthy, drifts)].join('\n')
}

/** What a repair did, or would do, what it could not do, and what there is now; nothing where there was nothing. */
export function worldRepairLines(result: RepairResult): string[] {
  const { dryRun, repaired, failed, diagnosis } = result
  if (repaired.length === 0 && diagnosis.healthy) return []
  const did = dryRun ? 'would be repaired' : 'repaired'
  const left = leftBy(result)
  return [
    ...repaired.map((drift) => `${did}: ${headOf(drift)}: ${doesOf(drift)}`),
    ...failed.map(({ drift, reason }) => `not repaired: ${headOf(drift)}: ${printable(reason)}`),
    ...left.flatMap(driftLines),
    dryRun && isPutRight(result)
      ? 'after that the repository is as the log says'
      : verdict(diagnosis.healthy, diagnosis.drifts),
  ]
}

/** Whether all is well then, or in a dry run would be. */
export function isPutRight(result: RepairResult): boolean {
  return leftBy(result).every(({ severity }) => severity === 'note')
}

/** What is there still, or would be. */
function leftBy({ dryRun, diagnosis: { drifts } }: RepairResult): readonly Drift[] {
  return dryRun ? drifts.filter(({ remedy }) => remedy.kind === 'refusal') : drifts
}

function driftLines(drift: Drift): string[] {
  const { meaning, remedy } = drift
  const answer = remedy.kind === 'repair' ? `repair would ${remedy.does}` : `left alone: ${remedy.why}`
  return [headOf(drift), `  ${printable(meaning)}`, `  ${printable(answer)}`]
}

function headOf({ severity, code, task, subject }: Drift): string {
  const whose = task === null ? '' : `${task}: `
  return `${severity} ${code}: ${whose}${printable(subject)}`
}

function doesOf({ remedy }: Drift): string {
  return remedy.kind === 'repair' ? printable(remedy.does) : ''
}

function verdict(healthy: boolean, drifts: readonly Drift[]): string {
  if (healthy) return 'the repository is as the log says'
  const count = drifts.filter(({ severity }) => severity !== 'note').length
  return count === 1 ? '1 thing is not as the log says' : `${count} things are not as the log says`
}
