import type { Drift, DriftCode, RepairResult } from '@coppice/core'
import { expect } from 'vitest'
import { listing } from '../../helpers/listing.js'
import type { World } from './world.js'

/** The findings of a code; there has to be one at least. */
export async function expectFound({ engine }: World, code: DriftCode): Promise<readonly Drift[]> {
  const { drifts } = await engine.diagnose()
  const found = drifts.filter((drift) => drift.code === code)
  expect(found, `${code} among ${JSON.stringify(drifts, null, 1)}`).not.toEqual([])
  return found
}

/** That a doctor looks and changes nothing, and that nothing but notes is to be told. */
export async function expectHealthy({ engine }: World): Promise<void> {
  const { healthy, drifts } = await engine.diagnose()
  expect(drifts.filter(({ severity }) => severity !== 'note')).toEqual([])
  expect(healthy).toBe(true)
}

/**
 * That a doctor names a drift, that a dry run names its repair, and both change nothing; that a repair then does it,
 * after which all is well; and that a second one has nothing to do.
 */
export async function expectRepaired(world: World, code: DriftCode): Promise<RepairResult> {
  const { engine, user } = world
  const before = listing(user.scratch)
  expect((await engine.diagnose()).healthy).toBe(false)
  const found = await expectFound(world, code)
  const planned = await engine.repair(true)
  expect(planned.repaired.map((drift) => drift.code)).toContain(code)
  expect(listing(user.scratch)).toEqual(before)
  const done = await engine.repair(false)
  expect(done.failed).toEqual([])
  expect(done.repaired.map((drift) => drift.code)).toContain(code)
  expect(done.repaired.map(({ subject }) => subject)).toEqual(
    expect.arrayContaining(found.map(({ subject }) => subject)),
  )
  await expectHealthy(world)
  await expectNothingToDo(world)
  return done
}

/** That a repair finds nothing to do, and does nothing. */
export async function expectNothingToDo({ engine, user }: World): Promise<void> {
  const before = listing(user.scratch)
  const { repaired, failed } = await engine.repair(false)
  expect({ repaired, failed }).toEqual({ repaired: [], failed: [] })
  expect(listing(user.scratch)).toEqual(before)
}

/** That a drift is named, and left as it is by a repair, with the reason. */
export async function expectRefused(world: World, code: DriftCode): Promise<Drift> {
  const [drift] = await expectFound(world, code)
  // What is looked for once after each boot is noted then.
  await world.workspace.tidy()
  const before = listing(world.user.scratch)
  expect(drift!.remedy).toMatchObject({ kind: 'refusal', why: expect.any(String) })
  await world.engine.repair(false)
  expect(listing(world.user.scratch)).toEqual(before)
  return drift!
}
