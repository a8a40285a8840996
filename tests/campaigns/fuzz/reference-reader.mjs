import { headerIn, recordIn, linesOf } from './reference-lines.mjs'
import { isDamage } from './reference-tail.mjs'

const NAME = /^\d{8,}\.jsonl$/
const ZEROS = '0'.repeat(64)

/**
 * Reads a log as docs/log-format.md describes it, without any of the code under test: plainly, and the whole at once.
 *
 * @param files the content of every file of the log's directory, by name
 * @returns the `facts`, or the `damage` in words
 */
export function readReference(files) {
  const names = [...files.keys()]
    .filter((name) => NAME.test(name))
    .toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
  if (names.some((name, index) => name !== nameOf(index + 1))) return { damage: 'a segment is missing' }
  const segments = names.map((name, index) => {
    const [first, ...lines] = linesOf(files.get(name))
    return { number: index + 1, header: headerIn(first), lines }
  })
  const reading = new Reading()
  for (const [index, segment] of segments.entries()) {
    const damage = reading.read(segment, segments[index + 1] ?? null)
    if (damage !== null) return { damage: `segment ${segment.number}: ${damage}` }
  }
  return { facts: reading.facts }
}

class Reading {
  facts = []
  #hash = ZEROS
  #versions = new Map()

  /** Answers with what is wrong, or null. */
  read({ number, header, lines }, next) {
    if (header === null) return 'it has no good header'
    if (header.v > 2) return 'its header is of a newer version'
    if (header.segment !== number) return `its header is that of segment ${header.segment}`
    if (header.prev !== this.#hash) return 'its header continues another log'
    if (header.first !== this.facts.length + 1) return `its header continues at ${header.first}`
    this.#hash = header.hash
    return next === null ? this.#readLast(lines) : this.#readUpTo(next.header, lines)
  }

  /** Reads a segment that another one follows; nobody looks at what is behind the record before that one's first. */
  #readUpTo(nextHeader, lines) {
    if (nextHeader === null) return 'the next one has no good header'
    for (let at = 0; this.facts.length + 1 < nextHeader.first;) {
      const append = this.#appendAt(lines, at)
      if (append.records === null) return `record ${this.facts.length + 1} is not good`
      this.#take(append.records)
      at += append.records.length
    }
    return null
  }

  #readLast(lines) {
    for (let at = 0; at < lines.length;) {
      const append = this.#appendAt(lines, at)
      if (append.records === null) {
        return isDamage(lines.slice(append.broken), this.facts.length) ? 'its end is damaged' : null
      }
      this.#take(append.records)
      at += append.records.length
    }
    return null
  }

  /** The records of a whole append, or which line of it is broken. */
  #appendAt(lines, at) {
    const records = []
    let hash = this.#hash
    for (let index = at; ; index++) {
      const record = index < lines.length ? recordIn(lines[index], hash) : null
      if (record === null || !this.#isNext(record, records)) return { records: null, broken: index }
      records.push(record)
      if (record.more === 0) return this.#haveVersions(records) ? { records } : { records: null, broken: at }
      hash = record.hash
    }
  }

  #haveVersions(records) {
    const versions = new Map()
    return records.every(({ stream, version }) => {
      const known = versions.get(stream) ?? this.#versions.get(stream) ?? 0
      versions.set(stream, version)
      return version === known + 1
    })
  }

  #isNext({ v, seq, more, synced }, records) {
    const last = records.at(-1)
    return (
      v <= 2 &&
      seq === this.facts.length + records.length + 1 &&
      (last === undefined || more === last.more - 1) &&
      synced < seq
    )
  }

  #take(records) {
    for (const { seq, stream, version, type, at, data, hash } of records) {
      this.facts.push({ sequence: seq, stream, version, type, at, data, hash })
      this.#versions.set(stream, version)
      this.#hash = hash
    }
  }
}

function nameOf(number) {
  return `${String(number).padStart(8, '0')}.jsonl`
}
