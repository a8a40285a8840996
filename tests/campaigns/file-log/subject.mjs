import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { atEnd } from '../cleanup.mjs'
import { WORKLOAD } from './run.mjs'

/** Milliseconds after which a process that says nothing more counts as hanging; it is far more than any needs. */
const SILENCE_MS = 30_000

/** A process that works on a log, and whatever befalls it. */
export class Subject {
  #child
  #ended
  #isHanging = false
  #errors = ''
  #seen = new Set()
  #arrived = () => {}

  /**
   * @param workload what `workload.mjs` takes
   * @param ledger is told every line that the process prints
   */
  constructor(workload, ledger) {
    // One thread in the pool, so that the order of its system calls is the same in every run.
    const env = { ...process.env, UV_THREADPOOL_SIZE: '1' }
    this.#child = spawn(process.execPath, [WORKLOAD, JSON.stringify(workload)], { env })
    const forget = atEnd(() => this.kill())
    // Whoever is killed while it is told to go on breaks the pipe.
    this.#child.stdin.on('error', () => {})
    this.#child.stderr.on('data', (text) => (this.#errors += text))
    const hanging = setTimeout(() => this.#hang(), SILENCE_MS)
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      hanging.refresh()
      ledger.take(line)
      this.#seen.add(line.split(' ', 1)[0])
      this.#arrived()
    })
    this.#ended = once(this.#child, 'close').finally(() => {
      clearTimeout(hanging)
      forget()
      this.#arrived()
    })
  }

  get pid() {
    return this.#child.pid
  }

  get isOver() {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  /** Whether it came to its next pause; if not, it has ended. */
  async paused() {
    while (!this.#seen.delete('paused')) {
      if (this.isOver) return false
      await new Promise((resolve) => (this.#arrived = resolve))
    }
    return true
  }

  /** The ids of its threads in the order in which they were started; the first is the main thread. */
  threads() {
    return readdirSync(`/proc/${this.pid}/task`)
      .map(Number)
      .toSorted((a, b) => a - b)
  }

  goOn() {
    this.#child.stdin.write('\n')
  }

  kill() {
    this.#child.kill('SIGKILL')
  }

  /** How it ended, as a sentence; null if it did all its steps, or was killed. */
  async failure() {
    await this.#ended
    if (this.#isHanging) return `the process hung: nothing came for ${SILENCE_MS} ms`
    if (this.#child.exitCode === 0 || this.#child.signalCode === 'SIGKILL') return null
    return `the process ended with ${this.#child.exitCode ?? this.#child.signalCode}: ${this.#errors}`
  }

  #hang() {
    this.#isHanging = true
    this.kill()
  }
}
