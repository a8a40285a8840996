import type { DiskFile } from '../disk/disk.js'

export interface Written {
  readonly bytes: number
  /** What kept the rest from being written. */
  readonly cause: unknown
}

/** Goes on after a short write until all is written or the system says why not. */
export function writeWhole(file: DiskFile, bytes: Buffer, offset: number): Written {
  let written = 0
  while (written < bytes.length) {
    try {
      const count = file.write(bytes.subarray(written), offset + written)
      if (count === 0) return { bytes: written, cause: new Error('nothing could be written') }
      written += count
    } catch (cause) {
      return { bytes: written, cause }
    }
  }
  return { bytes: written, cause: null }
}
