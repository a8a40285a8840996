import { createHash } from 'node:crypto'

/** A number from 0 up to the limit that depends on the seed and the name alone, so that a case can be run again. */
export function draw(seed, name, limit) {
  const digest = createHash('sha256').update(`${seed}/${name}`).digest()
  return digest.readUIntBE(0, 6) % limit
}

/** So many of the items, spread evenly over them. */
export function spread(items, count) {
  if (items.length <= count) return items
  return Array.from(
    { length: count },
    (_, index) => items[Math.floor(((index + 0.5) * items.length) / count)],
  )
}
