import { isCoppiceError, type RecordedFact } from '@coppice/core'
import { LogCorruptError } from '../errors/log-errors.js'
import { isBefore, ORIGIN, type Cursor } from './cursor.js'
import type { Stretch } from './stretch.js'

/** Where the versions are that were left out of memory; it may go bad at any time, and is only a cache. */
export interface SavedVersions {
  /** @throws {ArchiveDamagedError} */
  get(stream: string): number | undefined
  discard(): void
}

/** The version of every stream up to a place in the log. Only a reading without gaps moves it on. */
export class Heads {
  /** Since the last save. */
  #recent = new Map<string, number>()
  /** What the last save added; older versions are looked up where they were saved. */
  #saved: ReadonlyMap<string, number> = new Map()
  #end: Cursor = ORIGIN
  /** Where the newest stretch began: a place shortly before the end. */
  #before: Cursor = ORIGIN
  #isResumed = false
  /** Rises with every `forget`. */
  #generation = 0

  constructor(private readonly older: SavedVersions | null) {}

  /** The place up to which the versions are known. */
  get end(): Cursor {
    return this.#end
  }

  get before(): Cursor {
    return this.#before
  }

  /** @throws {ArchiveDamagedError} when it was saved and is lost; after `forget` the log has to be read again */
  versionOf(stream: string): number {
    return this.#recent.get(stream) ?? this.#saved.get(stream) ?? this.older?.get(stream) ?? 0
  }

  /** Goes on from what was saved. */
  resume(end: Cursor): void {
    this.#isResumed = true
    this.#end = end
  }

  /** Knows nothing any more, so that the next append reads the log from its beginning. */
  forget(): void {
    this.older?.discard()
    this.#generation += 1
    this.#isResumed = false
    this.#recent.clear()
    this.#saved = new Map()
    this.#end = this.#before = ORIGIN
  }

  /** What changed since the last save, to be saved by the caller, who says by `keep` whether it worked. */
  takeChanges(): { changes: ReadonlyMap<string, number>; keep: (isSaved: boolean) => void } {
    const changes = this.#recent
    const before = this.#saved
    this.#recent = new Map()
    // Until it is saved, both generations have to be in memory.
    this.#saved = new Map([...before, ...changes])
    const generation = this.#generation
    const keep = (isSaved: boolean): void => {
      if (generation !== this.#generation) return
      if (isSaved) this.#saved = changes
      else this.#recent = new Map([...changes, ...this.#recent])
    }
    return { changes, keep }
  }

  /** Takes in what this process has written at the end. */
  advance(start: Cursor, versions: ReadonlyMap<string, number>, end: Cursor): void {
    if (isBefore(this.#end, start) || isBefore(start, this.#end)) return
    for (const [stream, version] of versions) this.#recent.set(stream, version)
    this.#before = start
    this.#end = end
  }

  /**
   * Takes in what was read beyond the end. Readings overlap, for one may go on while another has come further, so
   * what is known already is passed over; a stretch that leaves a gap changes nothing.
   *
   * @throws {LogCorruptError} when a stream's versions do not rise by one
   */
  observe(stretch: Stretch, path: string): void {
    try {
      this.#take(stretch, path)
    } catch (error) {
      if (!isCoppiceError(error, 'archive-damaged')) throw error
      this.forget()
    }
  }

  #take({ start, facts, offsets, end }: Stretch, path: string): void {
    if (isBefore(this.#end, start) || !isBefore(this.#end, end)) return
    const versions = new Map<string, number>()
    for (let index = 0; index < facts.length; index++) {
      const { sequence, stream, version } = facts[index] as RecordedFact
      if (sequence <= this.#end.sequence) continue
      const expected = (versions.get(stream) ?? this.versionOf(stream)) + 1
      if (version !== expected) {
        // A cache is never the only witness against the log.
        if (this.#isResumed && !versions.has(stream) && !this.#isInMemory(stream)) return this.forget()
        const offset = offsets[index] ?? start.offset
        throw new LogCorruptError(path, offset, `version ${expected} of ${stream}`, `version ${version}`)
      }
      versions.set(stream, version)
    }
    for (const [stream, version] of versions) this.#recent.set(stream, version)
    this.#before = start
    this.#end = end
  }

  #isInMemory(stream: string): boolean {
    return this.#recent.has(stream) || this.#saved.has(stream)
  }
}
