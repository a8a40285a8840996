import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** The bytes of the largest file in a directory or below it. */
export function largestFile(directory) {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' })
  const files = names.map((name) => statSync(join(directory, name))).filter((there) => there.isFile())
  return Math.max(0, ...files.map(({ size }) => size))
}
