import { changed } from './changed.mjs'

/** Bytes that mean something in a line, in UTF-8 or to a program. */
const TELLING = Buffer.from('\n\r\0 "\\{}[],:0129aefv\xff\xef\xbf\xc3\x80', 'latin1')

const NEWLINE = 0x0a

/** In UTF-8, the least byte that continues a character, and the least that begins one of several bytes. */
const CONTINUING = 0x80
const FIRST_OF_SEVERAL = 0xc0

/** Bytes of a segment that are searched for what can be changed. */
const MOST_SEARCHED = 20_000

/** How long a stretch is, at most; short ones are more frequent. */
const LENGTHS = [1, 2, 4, 16, 80, 300, 1_000, 4_096]

/** Changes of bytes, wherever they are. Each answers with what it did. */
export const byteMutations = {
  flipABit: changed((bytes, random) => {
    const place = random.below(bytes.length)
    const flipped = Buffer.from(bytes)
    flipped[place] ^= 1 << random.below(8)
    return [flipped, `at ${place}`]
  }),
  setAByte: changed((bytes, random) => {
    const place = random.below(bytes.length)
    const set = Buffer.from(bytes)
    set[place] = byteOf(random)
    return [set, `at ${place} to ${set[place]}`]
  }),
  changeADigit: changed((bytes, random) => {
    const places = [...bytes.subarray(0, MOST_SEARCHED).keys()].filter(
      (at) => bytes[at] >= 0x30 && bytes[at] <= 0x39,
    )
    if (places.length === 0) return null
    const place = random.of(places)
    const set = Buffer.from(bytes)
    set[place] = 0x30 + random.below(10)
    return [set, `at ${place}`]
  }),
  breakACharacter: changed((bytes, random) => {
    const starts = [...bytes.subarray(0, MOST_SEARCHED).keys()].filter((at) => bytes[at] >= FIRST_OF_SEVERAL)
    if (starts.length === 0) return null
    const from = random.of(starts)
    let to = from + 1
    while (to < bytes.length && bytes[to] >= CONTINUING && bytes[to] < FIRST_OF_SEVERAL) to += 1
    const broken = random.of([
      Buffer.from([0xff]),
      bytes.subarray(from, to - 1),
      bytes.subarray(from + 1, to),
    ])
    return [splice(bytes, from, to, broken), `at ${from}`]
  }),
  insert: changed((bytes, random) => {
    const place = random.below(bytes.length + 1)
    const inserted = stretchOf(random, random.of(LENGTHS))
    return [splice(bytes, place, place, inserted), `${inserted.length} bytes at ${place}`]
  }),
  remove: changed((bytes, random) => {
    const [from, to] = rangeIn(bytes, random)
    return [splice(bytes, from, to, Buffer.alloc(0)), `from ${from} to ${to}`]
  }),
  fill: changed((bytes, random) => {
    const [from, to] = rangeIn(bytes, random)
    return [splice(bytes, from, to, stretchOf(random, to - from)), `from ${from} to ${to}`]
  }),
  emptyToTheEnd: changed((bytes, random) => {
    const from = random.below(bytes.length)
    return [
      splice(bytes, from, bytes.length, Buffer.alloc(bytes.length - from, random.of([0, NEWLINE]))),
      `from ${from}`,
    ]
  }),
  repeat: changed((bytes, random) => {
    const [from, to] = rangeIn(bytes, random)
    const place = random.percent(50) ? to : random.below(bytes.length + 1)
    return [splice(bytes, place, place, bytes.subarray(from, to)), `${from} to ${to} at ${place}`]
  }),
  copyOver: changed((bytes, random) => {
    const [from, to] = rangeIn(bytes, random)
    const place = random.below(bytes.length)
    return [
      splice(bytes, place, place + to - from, bytes.subarray(from, to)),
      `${from} to ${to} over ${place}`,
    ]
  }),
  swap: changed((bytes, random) => {
    const [from, middle, to] = [0, 0, 0].map(() => random.below(bytes.length)).toSorted((a, b) => a - b)
    const parts = [
      bytes.subarray(0, from),
      bytes.subarray(middle, to),
      bytes.subarray(from, middle),
      bytes.subarray(to),
    ]
    return [Buffer.concat(parts), `${from} to ${middle} with what follows up to ${to}`]
  }),
  truncate: changed((bytes, random) => {
    const size = random.below(bytes.length)
    return [bytes.subarray(0, size), `to ${size}`]
  }),
  extend: changed((bytes, random) => {
    const added = stretchOf(random, random.of([...LENGTHS, 20_000]))
    return [Buffer.concat([bytes, added]), `by ${added.length} bytes such as ${added[0]}`]
  }),
}

function byteOf(random) {
  return random.percent(60) ? random.of(TELLING) : random.below(256)
}

function stretchOf(random, length) {
  const kind = random.below(4)
  if (kind < 2) return Buffer.alloc(length, [0, NEWLINE][kind])
  if (kind === 2) return Buffer.alloc(length, byteOf(random))
  return Buffer.from(Array.from({ length: Math.min(length, 300) }, () => byteOf(random)))
}

function rangeIn(bytes, random) {
  const from = random.below(bytes.length)
  return [from, Math.min(from + 1 + random.below(random.of(LENGTHS)), bytes.length)]
}

function splice(bytes, from, to, replacement) {
  return Buffer.concat([bytes.subarray(0, from), replacement, bytes.subarray(to)])
}
