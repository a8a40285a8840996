import { readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'

export type Damage = (path: string) => void

/** What can become of a file that nobody syncs: bytes that are others, an end that is missing, nothing at all. */
export const damages: fc.Arbitrary<Damage> = fc.oneof(
  fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })).map(([place, flip]): Damage => (path) => {
    const bytes = readFileSync(path)
    bytes[place % bytes.length]! ^= flip
    writeFileSync(path, bytes)
  }),
  fc.nat().map(
    (size): Damage =>
      (path) =>
        truncateSync(path, size % statSync(path).size),
  ),
  fc.constant<Damage>((path) => rmSync(path)),
  fc.constant<Damage>((path) => writeFileSync(path, Buffer.alloc(statSync(path).size))),
)

/** Whether there is a file with something in it. */
export function isDamageable(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  return found !== undefined && found.isFile() && found.size > 0
}
