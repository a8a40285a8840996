import fc from 'fast-check'
import { LINK_BYTES } from '../../../packages/store/src/format/line.js'
import { GENESIS, line } from './log-files.js'

/** A link and so many lines that are chained to it. */
export function linesOf(texts: readonly string[]): Buffer {
  let previous = GENESIS
  let all = `${GENESIS}"}\n`
  for (const text of texts) {
    const { text: sealed, hash } = line(previous, { text })
    all += sealed
    previous = hash
  }
  return Buffer.from(all)
}

/** Lines that are good up to any place: whole, with a byte changed, or cut off anywhere. */
export const someLines: fc.Arbitrary<Buffer> = fc
  .record({
    texts: fc.array(fc.string({ unit: 'binary', maxLength: 300 }), { maxLength: 20 }),
    changes: fc.array(fc.record({ place: fc.nat(), flip: fc.integer({ min: 1, max: 255 }) }), {
      maxLength: 2,
    }),
    cut: fc.option(fc.nat()),
  })
  .map(({ texts, changes, cut }) => {
    const bytes = linesOf(texts)
    for (const { place, flip } of changes) bytes[place % bytes.length]! ^= flip
    return cut === null ? bytes : bytes.subarray(0, Math.max(cut % bytes.length, LINK_BYTES))
  })
