import type { DriftCode } from '@coppice/core'
import assert from 'node:assert/strict'
import type { Stage } from './stage.js'

/** Something is found of this kind alone, is told by a dry run without changing anything, and is put right. */
export async function isRepaired(stage: Stage, ...codes: readonly DriftCode[]): Promise<void> {
  assert.deepEqual(await codesIn(stage), codes)
  await stage.leavesAlone(() => stage.engine.repair(true))
  const { failed, repaired } = await stage.engine.repair(false)
  assert.deepEqual(failed, [])
  assert.deepEqual(
    repaired.map(({ code }) => code),
    codes,
  )
  await stage.isSound()
}

/** Something is found of this kind, and nothing is done about it. */
export async function isOnlyTold(stage: Stage, ...codes: readonly DriftCode[]): Promise<void> {
  assert.deepEqual(await codesIn(stage), codes)
  await stage.leavesAlone(() => stage.engine.repair(false))
  assert.deepEqual(await codesIn(stage), codes)
}

export async function codesIn(stage: Stage): Promise<readonly DriftCode[]> {
  return (await stage.engine.diagnose()).drifts.map(({ code }) => code)
}
