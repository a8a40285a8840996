import type { Stats } from 'node:fs'
import { lookAt } from './look.js'

const SLASH = 0x2f

/** What stands at a path below a root, or null for nothing: no symbolic link on the way to it is followed. */
export async function lookBelow(root: string, name: Buffer): Promise<Stats | null> {
  for (const parent of parentsOf(name)) {
    if ((await lookAt(below(root, parent)))?.isDirectory() !== true) return null
  }
  return lookAt(below(root, name))
}

/** Whether a symbolic link stands on the way to a path, so that what it leads to may be anywhere. */
export async function isBehindLink(root: string, name: Buffer): Promise<boolean> {
  for (const parent of parentsOf(name)) {
    const found = await lookAt(below(root, parent))
    if (found === null) return false
    if (found.isSymbolicLink()) return true
  }
  return false
}

/** Whether something new can be made at a path, once the directories on the way are made that are not there. */
export async function isFree(root: string, name: Buffer): Promise<boolean> {
  for (const parent of parentsOf(name)) {
    const found = await lookAt(below(root, parent))
    if (found === null) return true
    if (!found.isDirectory()) return false
  }
  return (await lookAt(below(root, name))) === null
}

/** The directories on the way to a path, the outermost first. */
export function parentsOf(name: Buffer): readonly Buffer[] {
  const parents: Buffer[] = []
  for (let end = name.indexOf(SLASH); end !== -1; end = name.indexOf(SLASH, end + 1)) {
    parents.push(name.subarray(0, end))
  }
  return parents
}

const BETWEEN = Buffer.of(SLASH)

/** A path in bytes, since names need not be UTF-8. */
export function below(root: string | Buffer, name: Buffer): Buffer {
  const start = typeof root === 'string' ? Buffer.from(root) : root
  return Buffer.concat([start, BETWEEN, name])
}
