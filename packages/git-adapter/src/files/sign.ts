import { lstatSync, type BigIntStats } from 'node:fs'

/**
 * Milliseconds within which something can change twice and be of one time: the clocks of file systems tick at least every 10,
 * or each second or two where their times have no fractions.
 */
const TICK_MS = 20n
const COARSE_TICK_MS = 3_000n

const NS_PER_MS = 1_000_000n
const NS_PER_SECOND = 1_000_000_000n

/**
 * A text that is another whenever a file has been written, or a name in a directory been added or removed. Null for what is not
 * there, and for what was changed just now, so that it might change again without a trace. It is asked of thousands of
 * directories at once, for which the way to another thread and back would take ten times as long as the look.
 */
export function signOf(path: string | Buffer): string | null {
  const nowMs = BigInt(Date.now())
  const found = look(path)
  if (found === null) return null
  const { ctimeNs } = found
  const tickMs = ctimeNs % NS_PER_SECOND === 0n ? COARSE_TICK_MS : TICK_MS
  return nowMs - ctimeNs / NS_PER_MS < tickMs ? null : textOf(found)
}

/** The same however young it is, of what is changed by nobody who would hide it. */
export function exactSignOf(path: string): string | null {
  const found = look(path)
  return found === null ? null : textOf(found)
}

function look(path: string | Buffer): BigIntStats | null {
  try {
    return lstatSync(path, { bigint: true })
  } catch (error) {
    if (GONE.has((error as NodeJS.ErrnoException).code ?? '')) return null
    throw error
  }
}

function textOf({ dev, ino, mode, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, mode, size, mtimeNs, ctimeNs].join(' ')
}

const GONE = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'ENAMETOOLONG', 'ELOOP'])
