import type { Disk } from '../disk/disk.js'
import { writeWhole } from './write-whole.js'

/** Writes a file of its own and makes its content durable; its name is the caller's to make durable. */
export async function writeFile(
  disk: Disk,
  path: string,
  mode: 'create' | 'new',
  bytes: Buffer,
): Promise<void> {
  const file = disk.open(path, mode)
  try {
    const written = writeWhole(file, bytes, 0)
    if (written.bytes < bytes.length) throw written.cause
    await file.sync()
  } finally {
    file.close()
  }
}
