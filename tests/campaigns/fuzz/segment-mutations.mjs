import { anySegment, segmentsOf } from './changed.mjs'

/** Changes of whole files, as copying and restoring make them. Each answers with what it did. */
export const segmentMutations = {
  removeASegment: (files, random) => {
    const name = anySegment(files, random)
    if (name === null) return null
    files.delete(name)
    return name
  },
  emptyASegment: (files, random) => {
    const name = anySegment(files, random)
    if (name === null) return null
    files.set(name, Buffer.alloc(0))
    return name
  },
  swapSegments: (files, random) => {
    const [one, other] = [anySegment(files, random), anySegment(files, random)]
    if (one === other) return null
    const bytes = files.get(one)
    files.set(one, files.get(other))
    files.set(other, bytes)
    return `${one} and ${other}`
  },
  renumber: (files, random) => {
    const name = anySegment(files, random)
    if (name === null) return null
    const number = Number.parseInt(name, 10)
    const numbers = [number - 1, number + 1, number + 2, 0, 99_999_999, 123_456_789]
    const other = random.of([...numbers.map(nameOf), `0${name}`])
    files.set(other, files.get(name))
    files.delete(name)
    return `${name} as ${other}`
  },
  addACopy: (files, random) => {
    const name = anySegment(files, random)
    if (name === null) return null
    const last = segmentsOf(files).at(-1)
    const others = [
      nameOf(Number.parseInt(last, 10) + 1),
      `${name}.tmp`,
      `${name}~`,
      `x${name}`,
      `torn-${name}`,
      '.jsonl',
    ]
    const other = random.of(others)
    files.set(other, files.get(name))
    return `of ${name} as ${other}`
  },
  takeASegmentOfAnother: (files, random, corpus) => {
    const another = random.of(corpus)
    const name = anySegment(another.files, random)
    if (name === null) return null
    const place = anySegment(files, random) ?? name
    files.set(place, another.files.get(name))
    return `${name} of ${another.name} as ${place}`
  },
  addASegmentOfAnother: (files, random, corpus) => {
    const another = random.of(corpus)
    const name = anySegment(another.files, random)
    if (name === null) return null
    const place = nameOf(segmentsOf(files).length + 1)
    files.set(place, another.files.get(name))
    return `${name} of ${another.name} as ${place}`
  },
  continueWithTheEndOfAnother: (files, random, corpus) => {
    const name = anySegment(files, random)
    const another = random.of(corpus)
    const other = anySegment(another.files, random)
    if (name === null || other === null) return null
    const [bytes, end] = [files.get(name), another.files.get(other)]
    const place = random.below(Math.min(bytes.length, end.length) + 1)
    files.set(name, Buffer.concat([bytes.subarray(0, place), end.subarray(place)]))
    return `${name} from ${place} on as ${other} of ${another.name}`
  },
}

function nameOf(number) {
  return `${String(Math.max(number, 0)).padStart(8, '0')}.jsonl`
}
