import { LowSync } from 'lowdb'
import { DataFileSync } from 'lowdb/node'
import { textOf, unseal, type Sealed } from './sealed.js'

// The only file that knows lowdb. It writes a file beside the real one and renames it, and never syncs: after a
// power cut any file may be empty, old or missing.

/** Too many open files here or on the machine, no memory, a failing disk. */
const TRANSIENT = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'EIO', 'EINTR', 'EAGAIN'])

function fileAt(path: string): LowSync<Sealed | null> {
  const stringify = (sealed: Sealed | null): string => (sealed === null ? '' : textOf(sealed))
  return new LowSync(new DataFileSync<Sealed | null>(path, { parse: unseal, stringify }), null)
}

/**
 * What a file holds; null if it is missing or damaged.
 *
 * @throws what the system says when it just cannot give the file out, which tells nothing of the file
 */
export function readSealed(path: string): Sealed | null {
  const file = fileAt(path)
  try {
    file.read()
  } catch (error) {
    if (TRANSIENT.has((error as NodeJS.ErrnoException).code ?? '')) throw error
    return null
  }
  return file.data
}

/** Puts the file in its place in one step. Callers hold a lock: the name beside it is the same in every process. */
export function writeSealed(path: string, sealed: Sealed): void {
  const file = fileAt(path)
  file.data = sealed
  file.write()
}
