import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { bundled } from '../bundled.mjs'
import { atEnd } from '../cleanup.mjs'

const program = await bundled(fileURLToPath(new URL('player.mjs', import.meta.url)))

/** Milliseconds after which a process that does not answer counts as hanging; it is far more than any answer takes. */
const SILENCE_MS = 60_000

/** A process that runs player.mjs, and whatever befalls it. */
export class Player {
  #child
  #lines
  #errors = ''
  #ended

  constructor(env) {
    // One thread in the pool, so that the order of its system calls is the same in every run.
    this.#child = spawn(process.execPath, [program], { env: { ...env, UV_THREADPOOL_SIZE: '1' } })
    const forget = atEnd(() => this.kill())
    // Whoever is killed while it is asked something breaks the pipe.
    this.#child.stdin.on('error', () => {})
    this.#child.stderr.on('data', (text) => (this.#errors += text))
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
    this.#ended = once(this.#child, 'exit').finally(forget)
  }

  get pid() {
    return this.#child.pid
  }

  /** Waits until it is ready for its first question. */
  async ready() {
    const line = await this.#line()
    if (line !== 'ready') throw new Error(`a process did not begin: ${this.#errors}`)
    return this
  }

  /**
   * Has it do something, and answers with its answer; null when it was killed meanwhile.
   *
   * @throws {Error} when it ends by itself, or says nothing for long
   */
  async asks(question) {
    this.#child.stdin.write(`${JSON.stringify(question)}\n`)
    const line = await this.#line()
    if (line !== undefined) return JSON.parse(line)
    const [exitCode, signal] = await this.#ended
    if (signal === 'SIGKILL') return null
    throw new Error(`the process ended with ${exitCode ?? signal} in ${question.do}: ${this.#errors}`)
  }

  /** Has it do something that has to succeed. */
  async does(question) {
    const answer = await this.asks(question)
    if (answer?.ok) return answer
    throw new Error(`${question.do} failed: ${answer?.message ?? 'it was killed'}`)
  }

  /** The ids of its threads in the order in which they were started; the first is the main thread. */
  threads() {
    const ids = readdirSync(`/proc/${this.pid}/task`)
    return ids.map(Number).toSorted((a, b) => a - b)
  }

  kill() {
    this.#child.kill('SIGKILL')
  }

  /** Ends it, if it has not ended; answers whether it was killed. */
  async end() {
    this.#child.stdin.end()
    const [, signal] = await this.#ended
    return signal === 'SIGKILL'
  }

  async #line() {
    let timer
    const silence = new Promise((_, reject) => {
      timer = setTimeout(() => {
        this.kill()
        reject(new Error(`the process hung: nothing came for ${SILENCE_MS} ms`))
      }, SILENCE_MS)
    })
    try {
      return (await Promise.race([this.#lines.next(), silence])).value
    } finally {
      clearTimeout(timer)
    }
  }
}
