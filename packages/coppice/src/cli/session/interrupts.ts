import type { ChildProcess } from 'node:child_process'
import { InterruptedError } from '../failure/errors.js'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * What signals do to a command. The first aborts its work, so that it ends cleanly; a second one kills. While
 * an agent runs, signals are its own: those that the terminal does not send to it by itself are passed on.
 */
export class Interrupts {
  readonly #controller = new AbortController()
  #child: ChildProcess | null = null

  constructor() {
    for (const name of SIGNALS) process.on(name, this.#receive)
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  handTo(child: ChildProcess): void {
    this.#child = child
  }

  takeBack(): void {
    this.#child = null
  }

  stop(): void {
    for (const name of SIGNALS) process.off(name, this.#receive)
  }

  readonly #receive = (name: NodeJS.Signals): void => {
    if (this.#child !== null) {
      if (name !== 'SIGINT') this.#child.kill(name)
      return
    }
    this.stop()
    this.#controller.abort(new InterruptedError(name))
  }
}
