import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { atEnd } from '../../cleanup.mjs'
import { endMarked } from '../../marked-processes.mjs'
import { ENVIRONMENT } from './git.mjs'

const PLAYER = fileURLToPath(new URL('player.mjs', import.meta.url))

/** Milliseconds without a word after which a process counts as hanging. */
const SILENCE_MS = 120_000

/** A process with an engine, its git processes and its agents. */
export class Player {
  #child
  #ended
  #errors = ''
  #mark
  #heardAt = performance.now()

  constructor(workload, ledger, mark) {
    this.#mark = `COPPICE_CAMPAIGN=${mark}\0`
    const env = { ...ENVIRONMENT, COPPICE_CAMPAIGN: mark }
    this.#child = spawn(process.execPath, [PLAYER, JSON.stringify(workload)], { env, cwd: '/' })
    const forget = atEnd(() => this.#child.kill('SIGKILL'))
    this.#child.stdin.on('error', () => {})
    this.#child.stderr.on('data', (text) => (this.#errors += text))
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      this.#heardAt = performance.now()
      ledger.take(line)
    })
    this.#ended = once(this.#child, 'close').finally(forget)
  }

  get pid() {
    return this.#child.pid
  }

  get isOver() {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  /** Waits until something is so, or the process has ended or hangs. */
  async until(isSo) {
    while (!isSo() && !this.isOver && performance.now() - this.#heardAt < SILENCE_MS) await sleep(1)
    return isSo()
  }

  goOn() {
    this.#child.stdin.write('\n')
  }

  /** Kills it with all that it started; how it ended before that, as a sentence, or null. */
  async end() {
    const { exitCode } = this.#child
    this.#child.kill('SIGKILL')
    await endMarked(this.#mark)
    await this.#ended
    return exitCode === null || exitCode === 0 ? null : `the engine ended with ${exitCode}: ${this.#errors}`
  }

  get errors() {
    return this.#errors
  }
}
