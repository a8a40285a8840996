import type { Disk, DiskFile } from '../disk/disk.js'
import { writeWhole } from '../file-log/write-whole.js'
import { PiecesFile, type Piece } from './pieces.js'

const CHUNK_BYTES = 1_048_576

/** Writes a file of its own and makes its content durable; its name is the caller's to make durable. */
export async function writePieces(
  disk: Disk,
  path: string,
  mode: 'create' | 'new',
  pieces: readonly Piece[],
): Promise<void> {
  const source = new PiecesFile(disk, pieces)
  const target = disk.open(path, mode)
  try {
    await copy(source, target)
    await target.sync()
  } finally {
    target.close()
    source.close()
  }
}

async function copy(source: DiskFile, target: DiskFile): Promise<void> {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES)
  const size = source.size()
  for (let offset = 0; offset < size;) {
    const bytes = buffer.subarray(0, await source.read(buffer, offset))
    if (bytes.length === 0) throw new Error('a file became shorter while it was being copied')
    const written = writeWhole(target, bytes, offset)
    if (written.bytes < bytes.length) throw written.cause
    offset += bytes.length
  }
}
