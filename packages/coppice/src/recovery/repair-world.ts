import type { Problem, RepairResult } from '@coppice/core'
import { openCoppice } from '../open.js'

export interface RepairWorldOptions {
  readonly repo: string
  readonly dryRun: boolean
  /** Told of what is owed and could not be done. */
  readonly onProblem: (problem: Problem) => void
  readonly signal: AbortSignal
}

/** Opens a repository and puts right what a doctor finds. Nothing is done by opening it, so that all is in the plan. */
export async function repairWorld({
  repo,
  dryRun,
  onProblem,
  signal,
}: RepairWorldOptions): Promise<RepairResult> {
  const coppice = await openCoppice({ repo, recover: false, signal })
  coppice.on('problem', onProblem)
  try {
    return await coppice.repair({ dryRun, signal })
  } finally {
    await coppice.close()
  }
}
