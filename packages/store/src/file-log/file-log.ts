import { join } from 'node:path'
import {
  LogClosedError,
  type EventLog,
  type ExpectedVersion,
  type Fact,
  type RecordedFact,
} from '@coppice/core'
import { factJson } from '../format/fact-json.js'
import type { Disk } from '../disk/disk.js'
import { systemDisk } from '../disk/system-disk.js'
import { Changes } from '../subscription/changes.js'
import { follow } from '../subscription/follow.js'
import { DirectoryWatch } from './directory-watch.js'
import { GroupCommit } from './group-commit.js'
import { Known } from './known.js'
import { LogReader } from './reader.js'
import { Segments } from './segments.js'
import { LogWriter } from './writer.js'

/** Bytes at which a segment is full; its last append may reach beyond. */
const SEGMENT_BYTES = 67_108_864

/** Milliseconds between two looks for what other processes append, should the watch have missed it. */
const POLL_MS = 250

export interface FileLogOptions {
  readonly segmentBytes?: number
  /** What stands in for the file system of this machine, in simulations. */
  readonly disk?: Disk
}

/**
 * Opens the log in `<directory>/log`. Nothing is written before the first append.
 *
 * @throws {LogCorruptError} when a segment is missing
 * @throws {LogReadError} when the directory cannot be read
 */
export async function openFileLog(directory: string, options: FileLogOptions = {}): Promise<EventLog> {
  const segments = new Segments(join(directory, 'log'), options.disk ?? systemDisk)
  segments.last()
  return new FileLog(directory, segments, options.segmentBytes ?? SEGMENT_BYTES)
}

class FileLog implements EventLog {
  readonly #changes = new Changes()
  readonly #closed = new AbortController()
  readonly #watch: DirectoryWatch
  readonly #reader: LogReader
  readonly #commits: GroupCommit

  constructor(directory: string, segments: Segments, segmentBytes: number) {
    const known = new Known()
    this.#watch = new DirectoryWatch(segments.directory, this.#changes)
    this.#reader = new LogReader(segments, known)
    const writer = new LogWriter(segments, known, this.#reader, segmentBytes)
    const lock = segments.disk.lockAt(join(directory, 'lock'))
    this.#commits = new GroupCommit({ lock, known, writer, directory: segments.directory, segmentBytes })
  }

  async append(
    stream: string,
    facts: readonly Fact[],
    expected: ExpectedVersion,
  ): Promise<readonly RecordedFact[]> {
    if (this.#closed.signal.aborted) throw new LogClosedError()
    const json = facts.map((fact) => factJson(stream, fact))
    const recorded = await this.#commits.append(stream, json, expected)
    this.#changes.notify()
    return recorded
  }

  async *read(from = 1): AsyncGenerator<RecordedFact, void> {
    const start = await this.#reader.startOf(from)
    for await (const { facts } of this.#reader.stretches(start, false)) {
      for (const fact of facts) if (fact.sequence >= from) yield fact
    }
  }

  async *readStream(stream: string): AsyncGenerator<RecordedFact, void> {
    for await (const fact of this.read()) if (fact.stream === stream) yield fact
  }

  async *subscribe(from = 1, signal?: AbortSignal): AsyncGenerator<RecordedFact, void> {
    const ended = signal ? AbortSignal.any([signal, this.#closed.signal]) : this.#closed.signal
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
  }
}
