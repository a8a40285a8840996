import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Every path below a directory with what it holds, so that two moments can be compared. */
export function listing(directory: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const entry of readdirSync(directory, { recursive: true, encoding: 'utf8' }).toSorted()) {
    const stat = lstatSync(join(directory, entry))
    found[entry] = stat.isFile() ? `file ${readFileSync(join(directory, entry), 'base64')}` : 'other'
  }
  return found
}
