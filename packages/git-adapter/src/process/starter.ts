import { fork, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { endGroup } from './end-group.js'
import { outlasted } from './outlasted.js'
import { startProgram, type ProgramEnd, type ProgramStart, type RunningProgram } from './start-program.js'

/** It is there in the build alone; where it is not, every program is started by this process. */
const PROGRAM = new URL('./starter-program.js', import.meta.url)

/** Programs after which another process that starts them is worth its own start. */
export const WORTH_STARTING = 40

/** Milliseconds in which nothing is started, after which that process is let go. */
const PAUSE_MS = 10_000

/** Milliseconds after which one that has not come to life is given up. */
const BIRTH_MS = 10_000

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
  /** Undefined until it is known to have been started. */
  pid: number | undefined
  /** Whether the small process was lost, and the program with nobody above it. */
  isLost: boolean
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
    let stop = (): void => undefined
    const end = new Promise<ProgramEnd>((resolve, reject) => {
      const waiting: Waiting = { resolve, reject, pid: undefined, isLost: false }
      stop = () => (waiting.isLost ? endGroup(waiting, 'SIGTERM') : this.#send({ kind: 'stop', number }))
      if (this.#waiting.size === 0) this.#keepAlive(true)
      this.#waiting.set(number, waiting)
      this.#send({ kind: 'start', number, start })
    })
    return { end, stop }
  }

  /** Whether this process goes on for what it waits for: to hear that the other one was lost takes both handles. */
  #keepAlive(isNeeded: boolean): void {
    for (const handle of [this.#child, this.#child?.channel]) {
      if (isNeeded) handle?.ref()
      else handle?.unref()
    }
  }

  #begin(): void {
    this.#isOver ||= !existsSync(this.program)
    if (this.#child !== null || this.#isOver) return
    // It stands in no directory that somebody might want to take away.
    const child = fork(fileURLToPath(this.program), [], {
      cwd: '/',
      detached: true,
      execArgv: HEAP,
      // What a process is told to load, or to wait for, is meant for that one.
      env: { ...process.env, NODE_OPTIONS: undefined },
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    this.#child = child
    const birth = setTimeout(() => child.kill('SIGKILL'), BIRTH_MS).unref()
    child.once('message', () => clearTimeout(birth))
    child.on('message', (report: Report) => this.#hear(report))
    // Whatever it fails with, it ends then, or was never there.
    child.on('error', () => this.#lose(child))
    child.once('exit', () => this.#lose(child))
    this.#keepAlive(false)
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
    this.#keepAlive(false)
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
    for (const waiting of lost) {
      waiting.isLost = true
      const { pid, resolve, reject } = waiting
      const ended = pid === undefined ? Promise.resolve() : outlasted(pid)
      ended.then(() => resolve(KILLED), reject)
    }
  }
}

/** Programs are waited for, not kept: a small heap is enough. */
const HEAP = ['--max-semi-space-size=1']

const KILLED: ProgramEnd = { exitCode: null, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) }

/** That of this process. */
export const STARTER = new Starter()
