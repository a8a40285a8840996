import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  arbitraryFaults,
  assertBaseNeverPartial,
  assertMergedOnce,
  assertNothingLost,
  SimulatedWorld,
  survive,
} from '@coppice/testkit'
import { openCoppiceOn } from 'coppice'
import fc from 'fast-check'
import { orchestrate } from './orchestrator.mjs'

/** Tasks and faults together that it may take to show the planted bug. */
const MOST_STEPS = 6

/** Whatever befalls the orchestrator, when it has come to its end every task of the plan is in the base, and once. */
function everythingLands(options) {
  const plans = fc.uniqueArray(fc.constantFrom('api', 'docs', 'ui'), { minLength: 1 })
  return fc.asyncProperty(plans, arbitraryFaults(), async (ids, faults) => {
    const world = new SimulatedWorld()
    const team = {
      plan: async () => ids.map((id) => ({ id, title: `Write ${id}` })),
      work: async ({ id, path }) => world.at(path).write(`${id}.txt`, `the work of ${id}`),
    }
    const program = async (ports) => orchestrate(await openCoppiceOn(ports), 'all of it', team, options)
    await survive(world, program, faults, async () => {
      // Whatever is still owed then is done by who opens it next.
      await survive(world, async (ports) => (await openCoppiceOn(ports)).close(), [])
      const files = [...world.repository.filesAt(world.repository.branch('main')).keys()]
      for (const id of ids) {
        const landed = files.filter((name) => name.startsWith(id))
        assert.equal(landed.length, 1, `of ${id} has landed: ${landed.join(', ') || 'nothing'}`)
      }
      for (const promise of [assertNothingLost, assertBaseNeverPartial, assertMergedOnce]) promise(world)
    })
  })
}

test('all of a plan lands, once, wherever the orchestrator is killed', () =>
  fc.assert(everythingLands(), { numRuns: 300 }))

test('the planted bug is found, and told in a few steps, with the one that it was killed at', async () => {
  const found = await fc.check(everythingLands({ isForgetful: true }), { numRuns: 300 })
  const { failed, counterexample, errorInstance } = found
  assert.ok(failed)
  assert.match(errorInstance.message, /has landed: nothing[^]*life 1: (killed before|failed at) “/)
  const [ids, faults] = counterexample
  assert.ok(ids.length + faults.length <= MOST_STEPS, `${ids.length} tasks and ${faults.length} faults`)
})
