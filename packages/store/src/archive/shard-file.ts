import { statSync } from 'node:fs'
import { join } from 'node:path'
import { readSealed, writeSealed } from './sealed-file.js'
import { seal } from './sealed.js'

/** A shard as its file was when it was last known to be whole. */
export interface Shard {
  readonly name: string
  readonly checksum: string
  readonly mark: FileMark
}

/** What a file system changes whenever a file is written, replaced or cut. */
export interface FileMark {
  readonly size: number
  readonly inode: number
  /** Milliseconds since the epoch, when the file or its entry last changed; no program can set it. */
  readonly changed: number
}

/** Digits of the checksum in a file's name; enough that another content never gets the same name. */
const NAME_DIGITS = 32

/** Writes a shard under a name that says its content, so that no file is ever changed. */
export function writeShard<V>(directory: string, prefix: string, content: ReadonlyMap<string, V>): Shard {
  const sealed = seal(Object.fromEntries(content))
  const { checksum } = sealed
  const name = `${prefix}-${checksum.slice(0, NAME_DIGITS)}.json`
  writeSealed(join(directory, name), sealed)
  return { name, checksum, mark: markOf(directory, name) }
}

/** A shard's content; null if it is missing, damaged or cannot be read. */
export function readShard<V>(directory: string, { name, checksum }: Shard): Map<string, V> | null {
  const sealed = readSealed(join(directory, name))
  if (sealed?.checksum !== checksum) return null
  return new Map(Object.entries(JSON.parse(sealed.json) as Record<string, V>))
}

/**
 * The shard if its file is whole, else null. A file that nobody has touched since is not read: its mark tells. It tells
 * nothing of a file that is as new as the list it is in, because two changes within a tick of the clock look the same.
 */
export function checkShard(directory: string, shard: Shard, listed: number): Shard | null {
  try {
    const mark = markOf(directory, shard.name)
    if (mark.changed < listed && isSame(mark, shard.mark)) return shard
    return readShard(directory, shard) === null ? null : { ...shard, mark }
  } catch {
    return null
  }
}

function markOf(directory: string, name: string): FileMark {
  const { size, ino, ctimeMs } = statSync(join(directory, name))
  return { size, inode: ino, changed: ctimeMs }
}

function isSame(one: FileMark, other: FileMark): boolean {
  return one.size === other.size && one.inode === other.inode && one.changed === other.changed
}
