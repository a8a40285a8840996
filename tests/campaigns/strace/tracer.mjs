import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { atEnd } from '../cleanup.mjs'

const STRACE = 'strace'
const ENTRY = /^(?:(\d+)\s+)?(\w+)\((.*)$/
const PATH = /["<]([^"<>]*)[">]/g

/** strace, attached to threads of a process that waits. It counts from there on, for each thread on its own. */
export class Tracer {
  #strace
  #ended
  #output
  #messages = ''

  /** @param args what to trace, and what to inject where */
  constructor(output, args) {
    this.#output = output
    this.#strace = spawn(STRACE, ['-y', '-o', output, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
    const forget = atEnd(() => this.kill())
    this.#ended = once(this.#strace, 'close').finally(forget)
  }

  /** @throws {Error} with what strace says, when it cannot attach */
  async attached() {
    await new Promise((resolve) => {
      this.#strace.stderr.on('close', resolve).on('data', (text) => {
        this.#messages += text
        if (this.#messages.includes('attached')) resolve()
      })
    })
    if (!this.#messages.includes('attached')) throw new Error(`strace failed: ${this.#messages}`)
  }

  /** Lets go of the process, even if it is held. */
  kill() {
    this.#strace.kill('SIGKILL')
  }

  /** The system calls that it saw, when the traced threads have ended. */
  async calls() {
    await this.#ended
    return parse(readFileSync(this.#output, 'utf8'))
  }
}

/** @returns for each call its `thread` (null if only one is traced), `name`, `text`, and the `paths` that it names */
function parse(trace) {
  return trace.split('\n').flatMap((line) => {
    const [, thread, name, text] = ENTRY.exec(line) ?? []
    if (name === undefined) return []
    const paths = [...text.matchAll(PATH)].map(([, path]) => path)
    return [{ thread: thread === undefined ? null : Number(thread), name, text, paths }]
  })
}
