import { isCoppiceError, type Diagnosis } from '@coppice/core'
import { openCoppice } from '../open.js'
import { findRemains, type Remains } from './find-remains.js'

/** Errors of a log that tells nothing any more; whatever else is there, only git can be asked. */
const UNUSABLE = new Set(['log-lost', 'log-corrupt'])

/** What a doctor finds; where the log cannot be used, why, and what there is without it. */
export type WorldDiagnosis = Diagnosis | (Diagnosis & { readonly remains: Remains; readonly cause: Error })

/** Compares log and world, or lists what git holds where there is no log to compare with. */
export async function diagnoseWorld(repo: string, signal: AbortSignal): Promise<WorldDiagnosis> {
  try {
    const coppice = await openCoppice({ repo, recover: false, signal })
    try {
      return await coppice.doctor()
    } finally {
      await coppice.close()
    }
  } catch (cause) {
    if (!isCoppiceError(cause) || !UNUSABLE.has(cause.code)) throw cause
    return { healthy: false, drifts: [], remains: await findRemains({ repo, signal }), cause }
  }
}
