import { anySegment, changed } from './changed.mjs'
import { linesOf } from './reference-lines.mjs'

/** Changes of whole lines, as an editor or a merge makes them. Each answers with what it did. */
export const lineMutations = {
  removeALine: ofLines((lines, at) => lines.toSpliced(at, 1)),
  repeatALine: ofLines((lines, at) => lines.toSpliced(at, 0, lines[at])),
  swapLines: ofLines((lines, at, random) => {
    const other = random.below(lines.length)
    return lines.with(at, lines[other]).with(other, lines[at])
  }),
  moveALine: ofLines((lines, at, random) => {
    const rest = lines.toSpliced(at, 1)
    return rest.toSpliced(random.below(rest.length + 1), 0, lines[at])
  }),
  emptyALine: ofLines((lines, at, random) =>
    lines.with(at, Buffer.alloc(lines[at].length, random.of([0, 0x0a]))),
  ),
  emptyALineUpToItsEnd: ofLines((lines, at, random) => {
    const emptied = Buffer.from(lines[at]).fill(random.of([0, 0x0a]), 0, lines[at].length - 1)
    return lines.with(at, emptied)
  }),
  joinLines: ofLines((lines, at) => lines.with(at, lines[at].subarray(0, -1))),
  splitALine: ofLines((lines, at, random) => {
    const place = random.below(lines[at].length)
    return lines.toSpliced(at, 1, lines[at].subarray(0, place), Buffer.from('\n'), lines[at].subarray(place))
  }),
  endWithALine: ofLines((lines, at) => lines.slice(0, at + 1)),
  beginWithALine: ofLines((lines, at) => lines.slice(at)),
  reverseLines: ofLines((lines, at) => [...lines.slice(0, at), ...lines.slice(at).toReversed()]),
  endALineWithCarriageReturn: ofLines((lines, at) =>
    lines.with(at, Buffer.concat([lines[at].subarray(0, -1), Buffer.from('\r\n')])),
  ),
  insertALineOfAnother: ofLines((lines, at, random, corpus) =>
    lines.toSpliced(at, 0, lineOfAnother(random, corpus)),
  ),
  takeALineOfAnother: ofLines((lines, at, random, corpus) => lines.with(at, lineOfAnother(random, corpus))),
  addLinesOfAnother: ofLines((lines, at, random, corpus) => [
    ...lines,
    ...Array.from({ length: 1 + random.below(4) }, () => lineOfAnother(random, corpus)),
  ]),
}

function ofLines(change) {
  return changed((bytes, random, corpus) => {
    const lines = linesOf(bytes)
    const at = random.below(lines.length)
    return [Buffer.concat(change(lines, at, random, corpus)), `at line ${at}`]
  })
}

function lineOfAnother(random, corpus) {
  const { files } = random.of(corpus)
  const name = anySegment(files, random)
  return name === null ? Buffer.from('\n') : random.of(linesOf(files.get(name)))
}
