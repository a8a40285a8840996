import type { Disk, DiskFile } from '../disk/disk.js'

/** What a file is to hold: parts of other files, and bytes of its own. */
export type Piece =
  | { readonly path: string; readonly offset: number; readonly length: number }
  | { readonly bytes: Buffer; readonly length: number }

export function bytesPiece(bytes: Buffer): Piece {
  return { bytes, length: bytes.length }
}

export function lengthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0)
}

/** The pieces between two offsets. */
export function slice(pieces: readonly Piece[], from: number, to: number): Piece[] {
  const result: Piece[] = []
  let offset = 0
  for (const piece of pieces) {
    const start = Math.max(from - offset, 0)
    const length = Math.min(to - offset, piece.length) - start
    offset += piece.length
    if (length <= 0) continue
    if ('bytes' in piece) result.push(bytesPiece(piece.bytes.subarray(start, start + length)))
    else result.push({ path: piece.path, offset: piece.offset + start, length })
  }
  return result
}

/** The pieces with other bytes at an offset, as many as there are. */
export function overwrite(pieces: readonly Piece[], offset: number, bytes: Buffer): Piece[] {
  const behind = slice(pieces, offset + bytes.length, lengthOf(pieces))
  return [...slice(pieces, 0, offset), bytesPiece(bytes), ...behind]
}

/** Reads pieces as one file. */
export class PiecesFile implements DiskFile {
  readonly #files = new Map<string, DiskFile>()

  constructor(
    private readonly disk: Disk,
    private readonly pieces: readonly Piece[],
  ) {}

  size(): number {
    return lengthOf(this.pieces)
  }

  isNamed(): boolean {
    return true
  }

  async read(buffer: Buffer, offset: number): Promise<number> {
    let filled = 0
    for (const piece of slice(this.pieces, offset, offset + buffer.length)) {
      const target = buffer.subarray(filled, filled + piece.length)
      filled +=
        'bytes' in piece
          ? piece.bytes.copy(target)
          : await this.#fileOf(piece.path).read(target, piece.offset)
    }
    return filled
  }

  readNow(buffer: Buffer, offset: number): number {
    let filled = 0
    for (const piece of slice(this.pieces, offset, offset + buffer.length)) {
      const target = buffer.subarray(filled, filled + piece.length)
      filled +=
        'bytes' in piece ? piece.bytes.copy(target) : this.#fileOf(piece.path).readNow(target, piece.offset)
    }
    return filled
  }

  write(): never {
    return refuse()
  }

  truncate(): never {
    return refuse()
  }

  sync(): never {
    return refuse()
  }

  close(): void {
    for (const file of this.#files.values()) file.close()
    this.#files.clear()
  }

  #fileOf(path: string): DiskFile {
    const file = this.#files.get(path) ?? this.disk.open(path, 'read')
    this.#files.set(path, file)
    return file
  }
}

function refuse(): never {
  throw new TypeError('a draft is read and never written')
}
