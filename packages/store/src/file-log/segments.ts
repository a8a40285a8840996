import { dirname, join } from 'node:path'
import type { Disk } from '../disk/disk.js'
import { LogCorruptError, LogReadError } from '../errors/log-errors.js'

const DIGITS = 8
const NAME = /^(\d{8,})\.jsonl$/

/** The files of a log, `<directory>/00000001.jsonl` and so on without a gap. */
export class Segments {
  constructor(
    readonly directory: string,
    readonly disk: Disk,
  ) {}

  path(segment: number): string {
    return join(this.directory, `${nameOf(segment)}.jsonl`)
  }

  /** Where bytes that were cut off the end of a segment are kept. */
  tornPath(segment: number, offset: number, attempt: number): string {
    const suffix = attempt === 0 ? '' : `-${attempt}`
    return join(this.directory, `torn-${nameOf(segment)}-${offset}${suffix}.bin`)
  }

  /** @throws {LogReadError} when the directory cannot be looked into */
  exists(segment: number): boolean {
    try {
      return this.disk.exists(this.path(segment))
    } catch (cause) {
      throw new LogReadError(this.path(segment), cause)
    }
  }

  /**
   * The number of the last segment; 0 if there is none.
   *
   * @throws {LogCorruptError} when one before it is missing
   * @throws {LogReadError} when the directory cannot be read
   */
  last(): number {
    const numbers = this.numbers()
    for (const [index, segment] of numbers.entries()) {
      // A number may have too many digits, and then it is not the file that will be read.
      if (segment !== index + 1 || !this.exists(segment)) {
        throw new LogCorruptError(this.path(index + 1), 0, 'a segment of the log', 'no file')
      }
    }
    return numbers.length
  }

  /**
   * The numbers of the segments that there are, rising.
   *
   * @throws {LogReadError} when the directory cannot be read
   */
  numbers(): number[] {
    return this.names()
      .flatMap((name) => NAME.exec(name)?.[1] ?? [])
      .map(Number)
      .toSorted((a, b) => a - b)
  }

  /**
   * The names of all files in the log's directory.
   *
   * @throws {LogReadError} when the directory cannot be read
   */
  names(): readonly string[] {
    try {
      return this.disk.list(this.directory)
    } catch (cause) {
      throw new LogReadError(this.directory, cause)
    }
  }

  /** Makes the names in the log's directory durable, its own name, and that of the state directory around it. */
  async syncNames(): Promise<void> {
    const stateDirectory = dirname(this.directory)
    await this.disk.syncDirectory(this.directory)
    for (const path of [stateDirectory, dirname(stateDirectory)]) {
      await this.disk.syncDirectory(path).catch((error: NodeJS.ErrnoException) => {
        // Who may not read a directory cannot sync it, and did not make what is in it either.
        if (error.code !== 'EACCES') throw error
      })
    }
  }
}

function nameOf(segment: number): string {
  return String(segment).padStart(DIGITS, '0')
}
