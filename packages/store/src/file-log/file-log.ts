import { join } from 'node:path'
import {
  LogClosedError,
  type EventLog,
  type ExpectedVersion,
  type Fact,
  type RecordedFact,
} from '@coppice/core'
import type { Disk } from '../disk/disk.js'
import { Archive } from '../archive/archive.js'
import { systemDisk } from '../disk/system-disk.js'
import { LineChecker } from '../checker/line-checker.js'
import { Changes } from '../subscription/changes.js'
import { follow } from '../subscription/follow.js'
import { Subscription } from '../subscription/subscription.js'
import { Confirmer } from './confirmer.js'
import { DirectoryWatch } from './directory-watch.js'
import { GroupCommit } from './group-commit.js'
import { BUSY_SAVE_INTERVAL, LogCache, type CacheFailure } from './log-cache.js'
import { Known } from './known.js'
import { FactIterator } from './fact-iterator.js'
import { LogReader, type LogEnd } from './reader.js'
import { Segments } from './segments.js'
import type { Stretch } from './stretch.js'
import { LogWriter } from './writer.js'

/** Bytes at which a segment is full; its last append may reach beyond. */
const SEGMENT_BYTES = 67_108_864

/** Milliseconds between two looks for what other processes append, should the watch have missed it. */
const POLL_MS = 250

export interface FileLogOptions {
  readonly segmentBytes?: number
  /** What stands in for the file system of this machine, in simulations; nothing is cached on it. */
  readonly disk?: Disk
  /** Records after which what was learnt of the log is saved in the midst of work; in any case when it is closed. */
  readonly saveInterval?: number
  /** Told of a cache that could not be saved or read, which costs an opening time and nothing else. */
  readonly onCacheFailure?: (error: CacheFailure) => void
}

/**
 * Opens the log in `<directory>/log`. Nothing is written before the first append. What was learnt of a long log is
 * kept in `<directory>/heads.json` and `<directory>/heads`, a cache.
 *
 * @throws {LogCorruptError} when a segment is missing
 * @throws {LogReadError} when the directory cannot be read
 */
export async function openFileLog(directory: string, options: FileLogOptions = {}): Promise<EventLog> {
  const { segmentBytes = SEGMENT_BYTES, saveInterval = BUSY_SAVE_INTERVAL, disk } = options
  const onFailure = options.onCacheFailure ?? ((): void => undefined)
  const segments = new Segments(join(directory, 'log'), disk ?? systemDisk)
  const archive = disk === undefined ? new Archive<number>(directory, 'heads') : null
  const known = new Known(archive)
  const lockPath = join(directory, 'lock')
  const checker = new LineChecker()
  const reader = new LogReader(
    segments,
    known,
    new Confirmer(segments, known, segments.disk.lockAt(lockPath, 'reading')),
    checker,
  )
  const cache = archive && new LogCache(archive, segments, reader, known, saveInterval, onFailure)
  if (segments.last() > 0) await cache?.load()
  return new FileLog({ lockPath, segments, segmentBytes, known, reader, cache, checker })
}

interface FileLogParts {
  readonly lockPath: string
  readonly segments: Segments
  readonly segmentBytes: number
  readonly known: Known
  readonly reader: LogReader
  readonly cache: LogCache | null
  readonly checker: LineChecker
}

class FileLog implements EventLog {
  readonly #changes = new Changes()
  readonly #closed = new AbortController()
  readonly #cache: LogCache | null
  readonly #checker: LineChecker
  readonly #watch: DirectoryWatch
  readonly #reader: LogReader
  readonly #commits: GroupCommit
  #hasAppended = false

  constructor({ lockPath, segments, segmentBytes, known, reader, cache, checker }: FileLogParts) {
    this.#cache = cache
    this.#checker = checker
    this.#reader = reader
    this.#watch = new DirectoryWatch(segments.directory, this.#changes)
    const writer = new LogWriter(segments, known, reader, segmentBytes)
    const lock = segments.disk.lockAt(lockPath)
    const onWritten = (): void => this.#onWritten()
    this.#commits = new GroupCommit({
      lock,
      known,
      writer,
      directory: segments.directory,
      segmentBytes,
      onWritten,
    })
  }

  append(
    stream: string,
    facts: readonly Fact[],
    expected: ExpectedVersion,
  ): Promise<readonly RecordedFact[]> {
    if (this.#closed.signal.aborted) return Promise.reject(new LogClosedError())
    return this.#commits.append(stream, facts, expected)
  }

  read(from = 1): AsyncIterableIterator<RecordedFact, void> {
    return new FactIterator(this.#stretches(from), from)
  }

  async *readStream(stream: string): AsyncGenerator<RecordedFact, void> {
    for await (const fact of this.read()) if (fact.stream === stream) yield fact
  }

  subscribe(from = 1, signal?: AbortSignal): AsyncIterableIterator<RecordedFact, void> {
    return new Subscription((ended) => this.#follow(from, ended), [signal, this.#closed.signal])
  }

  async *#follow(from: number, ended: AbortSignal): AsyncGenerator<RecordedFact, void> {
    const read = (next: number): AsyncIterable<RecordedFact> => {
      this.#watch.ensure()
      return this.read(next)
    }
    this.#watch.start()
    try {
      yield* follow({ read, changes: this.#changes, pollMs: POLL_MS, ended }, from)
    } finally {
      this.#watch.stop()
    }
  }

  async close(): Promise<void> {
    this.#closed.abort()
    await this.#commits.close()
    await this.#reader.close()
    await this.#cache?.close(this.#hasAppended)
    await this.#checker.close()
  }

  async *#stretches(from: number): AsyncGenerator<Stretch, LogEnd> {
    return yield* this.#reader.stretches(await this.#reader.startOf(from), false)
  }

  #onWritten(): void {
    this.#hasAppended = true
    this.#changes.notify()
    this.#cache?.saveInPassing()
  }
}
