import type { Disk, DiskFile } from '../disk/disk.js'
import { Segments } from '../file-log/segments.js'
import { PiecesFile, type Piece } from './pieces.js'

/** A log as a repair would leave it, to be read before anything is written. */
export class Draft {
  /** The segments with other content than their files have, or without a file. */
  readonly replaced: ReadonlyMap<number, readonly Piece[]>

  constructor(
    private readonly log: Segments,
    replaced: Iterable<readonly [segment: number, pieces: readonly Piece[]]> = [],
  ) {
    this.replaced = new Map(replaced)
  }

  with(segment: number, pieces: readonly Piece[]): Draft {
    return new Draft(this.log, [...this.replaced, [segment, pieces]])
  }

  get segments(): Segments {
    return new Segments(this.log.directory, this.#disk())
  }

  /** What a segment holds; nothing if it has no file. */
  contentOf(segment: number): readonly Piece[] {
    const path = this.log.path(segment)
    const replaced = this.replaced.get(segment)
    if (replaced !== undefined || !this.log.exists(segment)) return replaced ?? []
    const file = this.log.disk.open(path, 'read')
    try {
      return [{ path, offset: 0, length: file.size() }]
    } finally {
      file.close()
    }
  }

  /** Bytes of a segment from an offset on; fewer only at its end. */
  async read(segment: number, offset: number, length: number): Promise<Buffer> {
    const file = new PiecesFile(this.log.disk, this.contentOf(segment))
    try {
      const bytes = Buffer.alloc(Math.max(Math.min(length, file.size() - offset), 0))
      return bytes.subarray(0, await file.read(bytes, offset))
    } finally {
      file.close()
    }
  }

  #disk(): Disk {
    const { disk, directory } = this.log
    const pieces = new Map([...this.replaced].map(([segment, content]) => [this.log.path(segment), content]))
    const open = (path: string): DiskFile => {
      const content = pieces.get(path)
      return content === undefined ? disk.open(path, 'read') : new PiecesFile(disk, content)
    }
    const names = (): string[] => [...pieces.keys()].map((path) => path.slice(directory.length + 1))
    return {
      list: (at) => [...new Set([...disk.list(at), ...names()])],
      exists: (path) => pieces.has(path) || disk.exists(path),
      open,
      makeDirectory: refuse,
      rename: refuse,
      syncDirectory: refuse,
      lockAt: refuse,
    }
  }
}

function refuse(): never {
  throw new TypeError('a draft is read and never written')
}
