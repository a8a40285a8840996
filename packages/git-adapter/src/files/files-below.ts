import { join } from 'node:path'
import { lookAt, namesIn } from './look.js'

/** The files among some names in a directory, and below those that are directories; no link is followed. */
export async function filesBelow(directory: string, names: readonly string[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const name of names) {
    const stats = await lookAt(join(directory, name))
    if (stats?.isFile() === true) found.push(name)
    if (stats?.isDirectory() === true)
      found.push(...(await filesBelow(directory, await within(directory, name))))
  }
  return found
}

async function within(directory: string, name: string): Promise<readonly string[]> {
  const names = await namesIn(join(directory, name))
  return names.toSorted((one, other) => (one < other ? -1 : 1)).map((inner) => join(name, inner))
}
