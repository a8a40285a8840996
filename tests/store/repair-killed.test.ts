import { appendFileSync, writeFileSync } from 'node:fs'
import { openFileLog, repairLog } from '@coppice/store'
import { expect, it } from 'vitest'
import { codeOf } from './helpers/errors.js'
import { factsOf } from './helpers/facts.js'
import { writeLives } from './helpers/lives.js'
import { filesOf, segmentPath } from './helpers/log-files.js'
import { finished, start } from './helpers/programs.js'
import { changeLine, copyOf, flip } from './helpers/repairs.js'
import { temporaryDirectory } from './helpers/temporary.js'

const NEVER = 1_000

it(
  'leaves every segment as it was or repaired when it is killed at any step, and then goes on',
  { timeout: 120_000 },
  async () => {
    const whole = temporaryDirectory()
    const appends = Array.from({ length: 12 }, () => 1)
    await writeLives(whole, appends, 1_000)
    const facts = await factsOf(await openFileLog(copyOf(whole)))
    const original = filesOf(whole)
    const segments = Object.keys(original)
    const last = segmentPath(whole, segments.length)
    const lastName = segments.at(-1)!
    changeLine(whole, 1, 3, flip)
    appendFileSync(last, 'torn')
    writeFileSync(`${last}.tmp`, 'left over')
    const damaged = filesOf(whole)

    const complete = await finished(start('repair', copyOf(whole), NEVER))
    const steps = Number(complete.lines[0])
    expect(steps).toBeGreaterThan(20)
    for (let step = 0; step < steps; step++) {
      const directory = copyOf(whole)
      expect(await finished(start('repair', directory, step))).toEqual({ exitCode: null, lines: [] })
      const left = filesOf(directory)
      // To have its size written, an unfinished end gets a zero for a moment.
      for (const name of segments) {
        expect([damaged[name], original[name]]).toContain(left[name]?.replace(/\0$/, ''))
      }
      expect(['log-corrupt', facts]).toContainEqual(await factsOf(await openFileLog(directory)).catch(codeOf))

      expect(await repairLog(directory)).toMatchObject({ refused: [], report: { healthy: true } })
      const repaired = filesOf(directory)
      const { [lastName]: end, ...others } = original
      expect(repaired).toMatchObject(others)
      // Once there is a new segment, what is behind the end of this one means nothing any more.
      expect([end, `${end}torn`, `${end}torn\0`]).toContain(repaired[lastName])
      expect(Object.keys(repaired).filter((name) => name.endsWith('.tmp'))).toEqual([])
      // Whatever was replaced or cut off is in a file of its own, once or several times.
      const kept = Object.entries(repaired).flatMap(([name, text]) => (name.endsWith('.bin') ? [text] : []))
      expect(kept).toEqual(expect.arrayContaining([damaged[segments[0]!], 'torn']))
    }
  },
)
