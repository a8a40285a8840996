import { isCoppiceError, type ExpectedVersion, type RecordedFact } from '@coppice/core'
import { LogReadOnlyError, LogWriteError } from '../errors/log-errors.js'
import type { FactJson } from '../format/fact-json.js'
import type { LockFile } from '../locks/lock-file.js'
import type { Known } from './known.js'
import { planGroup, type Planned, type Waiting } from './plan.js'
import type { LogWriter } from './writer.js'

/** Gathers the appends that wait while the one before is being synced, and commits them together. */
export class GroupCommit {
  readonly #queue: Waiting[] = []
  #running: Promise<void> | null = null
  #broken: LogReadOnlyError | null = null

  constructor(
    private readonly lock: LockFile,
    private readonly known: Known,
    private readonly writer: LogWriter,
    private readonly directory: string,
    private readonly segmentBytes: number,
  ) {}

  append(
    stream: string,
    json: readonly FactJson[],
    expected: ExpectedVersion,
  ): Promise<readonly RecordedFact[]> {
    return new Promise((resolve, reject) => {
      if (this.#broken !== null) throw this.#broken
      this.#queue.push({ stream, json, expected, resolve, reject })
      this.#running ??= this.#run()
    })
  }

  /** Resolves when nothing is under way any more. */
  async settled(): Promise<void> {
    await this.#running
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0) {
      try {
        await this.#commit()
      } catch (error) {
        this.#fail(this.#queue.splice(0), error)
      }
    }
    this.#running = null
  }

  async #commit(): Promise<void> {
    await this.lock.lock()
    try {
      await this.writer.catchUp()
      const { segment, offset } = this.known.heads.end
      if (segment === 0 || offset >= this.segmentBytes) await this.writer.roll()
      await this.#write(planGroup(this.#queue, this.known.heads, this.segmentBytes))
    } finally {
      this.lock.unlock()
    }
  }

  async #write(group: readonly Planned[]): Promise<void> {
    try {
      const { landed, cause } = await this.writer.write(group)
      for (const { waiting, answer } of group.slice(0, landed)) {
        if (answer instanceof Error) waiting.reject(answer)
        else waiting.resolve(answer)
      }
      this.#fail(waitingOf(group.slice(landed)), cause)
    } catch (error) {
      this.#fail(waitingOf(group), error)
    }
  }

  #fail(appends: readonly Waiting[], cause: unknown): void {
    // After a failed sync the kernel may have dropped what it held, and a second sync would not say so.
    if (cause instanceof LogReadOnlyError) this.#broken = cause
    const error = this.#broken ?? (isCoppiceError(cause) ? cause : new LogWriteError(this.directory, cause))
    for (const { reject } of appends) reject(error)
    if (this.#broken !== null) for (const { reject } of this.#queue.splice(0)) reject(this.#broken)
  }
}

function waitingOf(group: readonly Planned[]): Waiting[] {
  return group.map(({ waiting }) => waiting)
}
