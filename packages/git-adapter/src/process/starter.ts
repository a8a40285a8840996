import { fork, type ChildProcess } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startProgram, type ProgramEnd, type ProgramStart, type RunningProgram } from './start-program.js'

/** It is there in the build alone; where it is not, every program is started by this process. */
const PROGRAM = new URL('./starter-program.js', import.meta.url)

/** Programs after which another process that starts them is worth its own start. */
export const WORTH_STARTING = 40

/** Milliseconds in which nothing is started, after which that process is let go. */
const PAUSE_MS = 10_000

/** Milliseconds between two looks at a program whose starter was lost. */
const POLL_MS = 20

/** What the small process is told. */
export type Order =
  | { readonly kind: 'start'; readonly number: number; readonly start: ProgramStart }
  | { readonly kind: 'stop'; readonly number: number }

/** What it answers. */
export type Report =
  | { readonly kind: 'ready' }
  | { readonly kind: 'started'; readonly number: number; readonly pid: number }
  | { readonly kind: 'ended'; readonly number: number; readonly end: ProgramEnd }
  | {
      readonly kind: 'failed'
      readonly number: number
      readonly code: string | null
      readonly message: string
    }

/** Who waits for a program that the small process starts. */
interface Waiting {
  readonly resolve: (end: ProgramEnd) => void
  readonly reject: (error: Error) => void
  /** Null until it is known to have been started. */
  pid: number | null
}

/**
 * Has programs started by a small process. To start one, the system copies what it knows of the memory of the process that
 * does so, which stands still meanwhile: for milliseconds, if it is a large one. While the small process is not there, and when it is
 * lost, programs are started here.
 */
export class Starter {
  #child: ChildProcess | null = null
  #isReady = false
  /** Once one was lost, no other is begun. */
  #isOver = false
  #count = 0
  readonly #waiting = new Map<number, Waiting>()
  #pause: NodeJS.Timeout | null = null

  constructor(private readonly program: URL = PROGRAM) {}

  /** The number of the small process; null while there is none. */
  get pid(): number | null {
    return this.#isReady ? (this.#child?.pid ?? null) : null
  }

  /** Runs a program, as `startProgram` does. One whose starter is lost counts as killed, once it has ended. */
  start(start: ProgramStart): RunningProgram {
    const number = ++this.#count
    if (!this.#isReady) {
      if (number >= WORTH_STARTING) this.#begin()
      return startProgram(start)
    }
    const end = new Promise<ProgramEnd>((resolve, reject) => {
      // A process that waits for a program does not end.
      if (this.#waiting.size === 0) this.#child?.channel?.ref()
      this.#waiting.set(number, { resolve, reject, pid: null })
      this.#send({ kind: 'start', number, start })
    })
    return { end, stop: () => this.#send({ kind: 'stop', number }) }
  }

  #begin(): void {
    this.#isOver ||= !existsSync(this.program)
    if (this.#child !== null || this.#isOver) return
    // It stands in no directory that somebody might want to take away.
    const options = { cwd: '/', detached: true, execArgv: HEAP, serialization: 'advanced' } as const
    const child = fork(fileURLToPath(this.program), [], {
      ...options,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    this.#child = child
    child.on('message', (report: Report) => this.#hear(report))
    // Whatever it fails with, it ends then, or was never there.
    child.on('error', () => this.#lose(child))
    child.once('exit', () => this.#lose(child))
    child.unref()
    child.channel?.unref()
  }

  #send(order: Order): void {
    this.#child?.send(order, () => undefined)
  }

  #hear(report: Report): void {
    if (report.kind === 'ready') {
      this.#isReady = true
      this.#pause = setTimeout(() => this.#onPause(), PAUSE_MS).unref()
      return
    }
    const waiting = this.#waiting.get(report.number)
    if (waiting === undefined) return
    if (report.kind === 'started') waiting.pid = report.pid
    else if (report.kind === 'ended') waiting.resolve(report.end)
    else waiting.reject(Object.assign(new Error(report.message), { code: report.code }))
    if (report.kind === 'started') return
    this.#waiting.delete(report.number)
    if (this.#waiting.size > 0) return
    this.#child?.channel?.unref()
    this.#pause?.refresh()
  }

  #onPause(): void {
    if (this.#waiting.size > 0) return
    this.#isReady = false
    this.#child?.disconnect()
    this.#child = null
    this.#count = 0
  }

  /** What it had started goes on by itself, and is as good as killed once it has ended. */
  #lose(child: ChildProcess): void {
    if (child !== this.#child) return
    this.#isReady = false
    this.#isOver = true
    this.#child = null
    const lost = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const { pid, resolve, reject } of lost) outlasted(pid).then(() => resolve(KILLED), reject)
  }
}

/** Programs are waited for, not kept: a small heap is enough. */
const HEAP = ['--max-semi-space-size=1']

const KILLED: ProgramEnd = { exitCode: null, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) }

async function outlasted(pid: number | null): Promise<void> {
  if (pid === null) return
  while (isRunning(pid)) await delay(POLL_MS)
}

/** Where nobody collects the processes of one that was lost, they stay in the list when they have ended. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return process.platform !== 'linux' || !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    return false
  }
}

/** That of this process. */
export const STARTER = new Starter()
