import fc from 'fast-check'
import { rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { ABANDON, PARK, RESTORE, RESUME } from '../../core/helpers/requests.js'
import { apply, edit } from '../helpers/edits.js'
import { contentIn, rested, seenAnew } from '../helpers/kept-look.js'
import { LARGE, largeFile, makeLargeRepository } from '../helpers/large.js'
import { contentOf } from '../helpers/tree.js'
import { openWorld, type World } from '../helpers/world.js'
import { fill } from '../pool/pooled.js'

const away = fc.constantFrom([PARK, RESUME] as const, [ABANDON, RESTORE] as const)

/** A second, by which the times of files differ for git. */
const SECOND_MS = 1_050

async function large(): Promise<World> {
  return openWorld({ user: makeLargeRepository() })
}

test('among many files, whatever an agent does comes back, and a capture that builds upon the last one misses nothing', async () => {
  const world = await large()
  let count = 0
  const rounds = fc.array(fc.array(edit, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 })
  await fc.assert(
    fc.asyncProperty(rounds, away, async (edits, [leave, comeBack]) => {
      const id = `t${++count}`
      const { path } = await world.engine.create({ id })
      await rested()
      await world.engine.checkpoint(id, undefined)
      for (const round of edits) {
        for (const each of round) apply(world, path, each)
        const checkpoint = await world.engine.checkpoint(id, undefined)
        expect(await seenAnew(world, id)).toEqual(contentIn(checkpoint))
      }
      const before = contentOf(world.user, path)
      await world.engine.command(id, leave)
      expect(world.problems).toEqual([])
      await world.engine.command(id, comeBack)
      expect(contentOf(world.user, path)).toEqual(before)
      await world.engine.command(id, ABANDON)
    }),
    { numRuns: 6 },
  )
}, 600_000)

describe('among many files', () => {
  test('a file that was only touched is not taken for changed, and one of the same size and time is', async () => {
    const world = await large()
    const { path } = await world.engine.create({ id: 'fix' })
    await delay(SECOND_MS)
    expect(await world.engine.checkpoint('fix', undefined)).toBeNull()
    const touched = join(path, largeFile(7))
    utimesSync(touched, 1, 1)
    expect(await world.engine.checkpoint('fix', undefined)).toBeNull()
    expect(await world.engine.checkpoint('fix', undefined)).toBeNull()
    writeFileSync(touched, 'x\n')
    utimesSync(touched, 1, 1)
    expect(await world.engine.checkpoint('fix', undefined)).toMatchObject({ number: 1 })
  })

  test.each(['a new worktree', 'one from the pool'])(
    'of %s, what changes at once and keeps its size is seen',
    async (of) => {
      const world = await large()
      if (of === 'one from the pool') await fill(world, { size: 1 })
      const { path } = await world.engine.create({ id: 'fix' })
      writeFileSync(join(path, largeFile(1_234)), '4321\n')
      const { tree } = (await world.engine.checkpoint('fix', undefined))!
      expect(world.user.git('cat-file', 'blob', `${tree}:${largeFile(1_234)}`)).toBe('4321')
      writeFileSync(join(path, largeFile(1_234)), '1243\n')
      rmSync(join(path, largeFile(1_235)))
      const again = (await world.engine.checkpoint('fix', undefined))!
      expect(world.user.git('cat-file', 'blob', `${again.tree}:${largeFile(1_234)}`)).toBe('1243')
      expect(world.user.git('ls-tree', again.tree, largeFile(1_235))).toBe('')
    },
  )

  test('those of a ready worktree are older than its index, which is not of a time to come', async () => {
    const world = await large()
    const [spare] = await fill(world, { size: 1 })
    const index = Math.floor(statSync(join(spare!.gitDir, 'index')).mtimeMs / 1_000)
    const seconds = Array.from({ length: LARGE }, (_, number) => {
      return Math.floor(statSync(join(spare!.path, largeFile(number))).mtimeMs / 1_000)
    })
    // Where a checkout took longer than a second, there may be so few that it is not worth it.
    expect(seconds.filter((second) => second >= index).length).toBeLessThan(1_000)
    expect(index * 1_000).toBeLessThanOrEqual(Date.now())
  })
})
