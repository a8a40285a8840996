import { setImmediate as turn } from 'node:timers/promises'
import { isCoppiceError, type ExpectedVersion, type Fact, type RecordedFact } from '@coppice/core'
import { LogReadOnlyError, LogSyncError, LogWriteError } from '../errors/log-errors.js'
import { factJson } from '../format/fact-json.js'
import type { DiskLock } from '../disk/disk.js'
import { isSame } from './cursor.js'
import type { Known } from './known.js'
import { behind, planGroup, type Group, type Planned, type Waiting } from './plan.js'
import type { GroupWritten, LogWriter } from './writer.js'

export interface GroupCommitParts {
  readonly lock: DiskLock
  readonly known: Known
  readonly writer: LogWriter
  /** Of the segments, for messages. */
  readonly directory: string
  readonly segmentBytes: number
  /** Called after every write. */
  readonly onWritten: () => void
}

/** Appends for which it is worth to prepare them while others are being synced, which happens on another thread then. */
const WORTH_PREPARING = 128

/** Gathers the appends that wait while the ones before are being synced, and commits them together. */
export class GroupCommit {
  readonly #queue: Waiting[] = []
  /** The front of the queue as it will be written, if the log ends then where it is expected to. */
  #prepared: Group | null = null
  #running: Promise<void> | null = null
  #broken: LogReadOnlyError | null = null

  constructor(private readonly parts: GroupCommitParts) {}

  append(
    stream: string,
    facts: readonly Fact[],
    expected: ExpectedVersion,
  ): Promise<readonly RecordedFact[]> {
    return new Promise((resolve, reject) => {
      if (this.#broken !== null) throw this.#broken
      const json = facts.map((fact) => factJson(stream, fact))
      this.#queue.push({ stream, json, expected, resolve, reject })
      this.#running ??= this.#run()
    })
  }

  /** Lets go of the files, once nothing is under way any more. */
  async close(): Promise<void> {
    await this.#running
    if (this.parts.writer.hasReserved && this.parts.lock.tryLock()) this.parts.writer.giveBackRoom()
    this.parts.writer.close()
    this.parts.lock.close()
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0) {
      // Whatever is appended in the same turn of the event loop goes along, and others have their turn in between.
      await turn()
      try {
        await this.#commit()
      } catch (error) {
        this.#fail(this.#takeAll(), error)
      }
    }
    this.#running = null
  }

  async #commit(): Promise<void> {
    await this.parts.lock.lock()
    let group: Group
    let written: GroupWritten
    try {
      group = await this.#plan()
      written = await this.#write(group)
    } finally {
      this.parts.lock.unlock()
    }
    // Nobody is kept waiting for the lock by who is answered first.
    this.#answer(group, written)
  }

  /** Takes the next group off the queue. */
  async #plan(): Promise<Group> {
    const { writer, known, segmentBytes } = this.parts
    for (;;) {
      const start = await writer.catchUp()
      // Whoever finds the cache lost meanwhile forgets what is known with it; then all is read again.
      if (!isSame(known.heads.end, start)) continue
      const prepared = this.#prepared
      this.#prepared = null
      try {
        const isAsExpected = prepared !== null && isSame(prepared.start, start)
        const group = isAsExpected ? prepared : planGroup(this.#share(), known.heads, segmentBytes)
        this.#queue.splice(0, group.appends.length)
        return group
      } catch (error) {
        if (!isCoppiceError(error, 'archive-damaged')) throw error
        known.heads.forget()
      }
    }
  }

  #takeAll(): Waiting[] {
    this.#prepared = null
    return this.#queue.splice(0)
  }

  /** Half of a long queue, so that the other half is prepared while the first is being synced. */
  #share(): readonly Waiting[] {
    const half = Math.ceil(this.#queue.length / 2)
    return half < WORTH_PREPARING ? this.#queue : this.#queue.slice(0, half)
  }

  /** Plans what comes behind a group while that is being synced. */
  #prepare(group: Group): void {
    const { known, segmentBytes } = this.parts
    // Versions that were forgotten meanwhile would make every stream a new one.
    if (!isSame(known.heads.end, group.start)) return
    try {
      this.#prepared = planGroup(this.#queue, behind(group, known.heads), segmentBytes)
    } catch {
      // It is met again when it is their turn, by who can tell them.
    }
  }

  async #write(group: Group): Promise<GroupWritten> {
    const prepare = this.#queue.length < WORTH_PREPARING ? null : (): void => this.#prepare(group)
    try {
      return await this.parts.writer.write(group, prepare)
    } catch (cause) {
      return { landed: 0, cause }
    }
  }

  #answer({ appends }: Group, { landed, cause }: GroupWritten): void {
    for (const { waiting, answer } of appends.slice(0, landed)) {
      if (answer instanceof Error) waiting.reject(answer)
      else waiting.resolve(answer)
    }
    if (landed > 0) this.parts.onWritten()
    if (landed < appends.length) this.#fail(waitingOf(appends.slice(landed)), cause)
  }

  #fail(appends: readonly Waiting[], cause: unknown): void {
    // What the disk holds is open then: another append, or another sync, could make it worse without any error.
    if (cause instanceof LogReadOnlyError) this.#broken = cause
    const error = isCoppiceError(cause) ? cause : new LogWriteError(this.parts.directory, cause)
    for (const { reject } of appends) reject(error)
    const isSyncFailure = cause instanceof LogReadOnlyError || cause instanceof LogSyncError
    if (isSyncFailure) for (const { reject } of this.#takeAll()) reject(error)
  }
}

function waitingOf(group: readonly Planned[]): Waiting[] {
  return group.map(({ waiting }) => waiting)
}
