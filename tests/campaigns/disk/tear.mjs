import { SECTOR } from './simulated-file.mjs'

const NEWLINE = 0x0a

/** Of a hundred tears, how many are where a line ends: there a torn line looks most like a whole one. */
const BETWEEN_LINES = 60

/** A place in a file in front of which all is as one change left it, and behind which it is as another one did. */
export class Tear {
  constructor(place, before, behind) {
    this.place = place
    this.before = before
    this.behind = behind
  }

  /** @param sectors what changes have left, by the sector's number */
  static draw(random, sectors) {
    const [index, { values }] = random.of([...sectors])
    const { bytes } = random.of(values)
    const ends = [...bytes.keys()].filter((place) => bytes[place] === NEWLINE)
    const isBetweenLines = ends.length > 0 && random.percent(BETWEEN_LINES)
    const place = index * SECTOR + (isBetweenLines ? random.of(ends) + 1 : random.below(SECTOR))
    return new Tear(place, random.of(values).change, random.of(values).change)
  }

  /** The bytes of the sector that begins at an offset. */
  through(values, offset) {
    const split = Math.min(Math.max(this.place - offset, 0), SECTOR)
    const [before, behind] = [leftBy(this.before, values), leftBy(this.behind, values)]
    return Buffer.concat([before.subarray(0, split), behind.subarray(split)])
  }

  toString() {
    return `torn at ${this.place}: as change ${this.before} left it, then as ${this.behind} did`
  }
}

/** What a sector held once a change was done. */
function leftBy(change, values) {
  return (values.findLast((value) => value.change <= change) ?? values[0]).bytes
}
