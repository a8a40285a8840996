const SEGMENT = /^\d+\.jsonl$/

/** The names of the segments among the files, in their order. */
export function segmentsOf(files) {
  return [...files.keys()]
    .filter((name) => SEGMENT.test(name))
    .toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
}

/** Any segment; the last one, at whose end a writer may have died, comes more often. */
export function anySegment(files, random) {
  const names = segmentsOf(files)
  if (names.length === 0) return null
  return random.percent(50) ? names.at(-1) : random.of(names)
}

/**
 * A mutation of a log that changes the bytes of one segment.
 *
 * @param change takes the bytes, and answers with others and with words for it; null if it cannot be done
 */
export function changed(change) {
  return (files, random, corpus) => {
    const name = anySegment(files, random)
    if (name === null || files.get(name).length === 0) return null
    const result = change(files.get(name), random, corpus)
    if (result === null) return null
    const [bytes, what] = result
    files.set(name, bytes)
    return `${name} ${what}`
  }
}
