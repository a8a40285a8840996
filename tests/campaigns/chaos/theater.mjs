import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { atEnd } from '../cleanup.mjs'
import { endMarked, endProcess, markedProcesses } from '../marked-processes.mjs'
import { environmentFor, makeRepository, markIn } from './repository.mjs'

const ORCHESTRATOR = fileURLToPath(new URL('orchestrator.mjs', import.meta.url))
const LAST_LOOK = fileURLToPath(new URL('last-look.mjs', import.meta.url))

/** Engines that may die one after the other while they open the repository: what kills git kills that, too. */
const MOST_FAILED_STARTS = 8

/** Milliseconds that an engine is waited for, when it opens and when it ends. */
const PATIENCE_MS = 120_000

/** Milliseconds from one request to end to the next. */
const ASK_EVERY_MS = 500

/** The place where it all happens: a repository, its engines one after the other, and the ledger beside it. */
export class Theater {
  #base = realpathSync(mkdtempSync(join(tmpdir(), 'coppice-chaos-')))
  repo = join(this.#base, 'repo')
  worktrees = join(this.#base, 'repo.worktrees')
  ledger = join(this.#base, 'ledger')
  env = environmentFor(this.#base)
  broken = []
  engines = 0
  #engine = null
  #isOver = false
  #failedStarts = 0
  #options

  constructor(options) {
    this.#options = options
    // Whatever is still there then would outlive this process.
    atEnd(() => this.processes().forEach(endProcess))
    mkdirSync(this.ledger)
    makeRepository(this.repo, this.env)
  }

  get base() {
    return this.#base
  }

  /** Starts an engine, and another one whenever it has been killed. */
  async start() {
    const { repo, ledger } = this
    const seed = this.#options.seed + (this.engines += 1)
    const workload = { repo, ledger, tasks: this.#options.tasks, seed }
    const child = spawn(process.execPath, [ORCHESTRATOR, JSON.stringify(workload)], {
      env: this.env,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    let errors = ''
    child.stderr.on('data', (text) => (errors += text))
    this.#engine = child
    const ended = once(child, 'close')
    const [isReady] = await Promise.race([once(child, 'message'), ended.then(() => [null])])
    if (isReady === 'ready') this.#failedStarts = 0
    void ended.then(([exitCode]) => this.#goOn(exitCode, errors))
  }

  async #goOn(exitCode, errors) {
    if (exitCode !== null && exitCode !== 0) {
      this.#failedStarts += 1
      if (!/code: '/.test(errors)) this.broken.push(`an engine ended over an error without a code: ${errors}`)
    }
    if (this.#failedStarts > MOST_FAILED_STARTS) this.broken.push(`no engine can start any more: ${errors}`)
    else if (!this.#isOver) await this.start()
  }

  killEngine() {
    return this.#engine.kill('SIGKILL')
  }

  /** Lets the engine end as it likes, then ends the agents that are left. */
  async stop() {
    this.#isOver = true
    const child = this.#engine
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'close')
      // One that is just starting does not listen yet.
      const asking = setInterval(() => child.connected && child.send('stop'), ASK_EVERY_MS)
      const isLate = await Promise.race([ended.then(() => false), sleep(PATIENCE_MS, true, { ref: false })])
      clearInterval(asking)
      if (isLate) this.broken.push('the engine does not come to its end')
    }
    await endMarked(markIn(this.#base))
  }

  /** Recovers and repairs in a process of its own, when nobody else is there any more; what it saw. */
  async lastLook() {
    this.#age()
    const child = spawn(process.execPath, [LAST_LOOK, this.repo], {
      env: this.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let [output, errors] = ['', '']
    child.stdout.on('data', (text) => (output += text))
    child.stderr.on('data', (text) => (errors += text))
    const [exitCode] = await once(child, 'close')
    if (exitCode === 0) return JSON.parse(output)
    throw new Error(`the last recovery failed: ${errors}`)
  }

  processes() {
    return markedProcesses(markIn(this.#base))
  }

  acknowledged() {
    const lines = readFileSync(join(this.ledger, 'acknowledged'), 'utf8').split('\n').filter(Boolean)
    return lines.map((line) => JSON.parse(line))
  }

  remove() {
    rmSync(this.#base, { recursive: true, force: true })
  }

  /** Lets a minute pass for the locks that were left: until then somebody might be holding them. */
  #age() {
    const then = Date.now() / 1_000 - 120
    const git = join(this.repo, '.git')
    for (const name of readdirSync(git, { recursive: true }))
      if (name.endsWith('.lock') || name === 'packed-refs.new') utimesSync(join(git, name), then, then)
  }
}
