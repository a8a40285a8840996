import { LogCorruptError } from '../errors/log-errors.js'
import { isBefore, ORIGIN, type Cursor } from './cursor.js'
import type { Stretch } from './stretch.js'

/** The version of every stream up to a place in the log. Only a reading without gaps moves it on. */
export class Heads {
  readonly #versions = new Map<string, number>()
  #end: Cursor = ORIGIN

  /** The place up to which the versions are known. */
  get end(): Cursor {
    return this.#end
  }

  versionOf(stream: string): number {
    return this.#versions.get(stream) ?? 0
  }

  /**
   * Takes in what was read beyond the end. Readings overlap, for one may go on while another has come further, so
   * what is known already is passed over; a stretch that leaves a gap changes nothing.
   *
   * @throws {LogCorruptError} when a stream's versions do not rise by one
   */
  observe({ start, facts, offsets, end }: Stretch, path: string): void {
    if (isBefore(this.#end, start) || !isBefore(this.#end, end)) return
    const versions = new Map<string, number>()
    for (const [index, { sequence, stream, version }] of facts.entries()) {
      if (sequence <= this.#end.sequence) continue
      const expected = (versions.get(stream) ?? this.versionOf(stream)) + 1
      if (version !== expected) {
        const offset = offsets[index] ?? start.offset
        throw new LogCorruptError(path, offset, `version ${expected} of ${stream}`, `version ${version}`)
      }
      versions.set(stream, version)
    }
    for (const [stream, version] of versions) this.#versions.set(stream, version)
    this.#end = end
  }
}
