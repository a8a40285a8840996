import fc from 'fast-check'
import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ABANDON, PARK, RESTORE, RESUME } from '../../core/helpers/requests.js'
import { apply, edit } from '../helpers/edits.js'
import { contentOf } from '../helpers/tree.js'
import { openWorld } from '../helpers/world.js'

/** A campaign tries more of them than a test, and says which. */
const { COPPICE_TREES: trees = '35', COPPICE_SEED: seed } = process.env

const away = fc.constantFrom([PARK, RESUME] as const, [ABANDON, RESTORE] as const)

test('whatever an agent does to files and index, its task comes back to the same, entry by entry and byte by byte', async () => {
  const world = await openWorld()
  let count = 0
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { maxLength: 14 }), away, async (edits, [leave, comeBack]) => {
      const id = `t${++count}`
      const { path } = await world.engine.create({ id })
      for (const each of edits) apply(world, path, each)
      const before = contentOf(world.user, path)
      await world.engine.command(id, leave)
      expect(world.problems).toEqual([])
      expect(existsSync(path)).toBe(false)
      // The last look, of what is deleted then, has found nothing but what the first one had pinned.
      expect(world.engine.find(id)?.checkpoint?.number ?? 1).toBe(1)
      await world.engine.command(id, comeBack)
      expect(contentOf(world.user, path)).toEqual(before)
    }),
    { numRuns: Number(trees), ...(seed === undefined ? {} : { seed: Number(seed) }) },
  )
}, 600_000)
