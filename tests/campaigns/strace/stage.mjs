import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { atEnd } from '../cleanup.mjs'
import { judge } from '../file-log/judge.mjs'
import { Ledger } from '../file-log/ledger.mjs'
import { examine } from '../file-log/run.mjs'
import { Subject } from '../file-log/subject.mjs'
import { largestFile } from './largest-file.mjs'
import { tear } from './tear.mjs'
import { Tracer } from './tracer.mjs'

/** Tells the appends of the process under test from those of the one that left the torn log. */
const LABEL = 'run'

/** The place where all cases happen, one after the other, so that paths are the same in every run. */
export class Stage {
  #base = realpathSync(mkdtempSync(join(tmpdir(), 'coppice-strace-')))
  /** The parent of the state directory, whose names the log makes durable too. */
  repository = join(this.#base, 'repository')
  #directory = join(this.repository, 'coppice')
  #torn = join(this.#base, 'torn')
  #trace = join(this.#base, 'trace')
  /** What the process said that left the torn log; null until that is needed. */
  #tornLines = null
  remove = atEnd(() => rmSync(this.#base, { recursive: true, force: true }))

  /**
   * Runs a scenario under strace.
   *
   * @param argsFor answers with strace's arguments for the process that waits to be traced
   * @returns what the process said (`ledger`), how it failed or null, and the system calls that strace saw
   */
  async run(scenario, argsFor) {
    const { subject, ledger } = await this.#begin(scenario)
    const tracer = new Tracer(this.#trace, argsFor(subject))
    await tracer.attached()
    subject.goOn()
    const failure = await subject.failure()
    return { ledger, failure, calls: await tracer.calls() }
  }

  /** Runs a scenario without strace while there is a shortage, which ends when its first steps are done. */
  async starve(scenario, shortage) {
    const { subject, ledger } = await this.#begin(scenario, shortage)
    subject.goOn()
    if (await subject.paused()) {
      shortage.relieve(subject)
      subject.goOn()
    }
    return { ledger, failure: await subject.failure() }
  }

  /** A sentence for every promise that a run has broken. */
  judge({ segmentBytes }, { ledger, failure }) {
    const broken = judge(ledger, examine(this.#directory, segmentBytes, 'after'))
    return failure === null ? broken : [failure, ...broken]
  }

  /**
   * Runs a scenario without any fault, and answers with the calls of each thread, in the order of the threads, and
   * with all paths of the log's files that they name. A call that names one of them has `isOnFile`.
   */
  async survey(scenario) {
    let threads = []
    const { ledger, failure, calls } = await this.run(scenario, (subject) => {
      threads = subject.threads()
      return ['-f', '-p', String(subject.pid)]
    })
    const refused = [...ledger.refused].filter(([append]) => append.startsWith(LABEL)).join()
    if (!ledger.isDone || refused !== '')
      throw new Error(`the scenario fails by itself: ${failure ?? refused}`)
    const isOurs = (path) => path.startsWith(this.repository)
    const seen = calls.slice(
      0,
      calls.findIndex(({ text }) => text.includes('"done')),
    )
    for (const call of seen) call.isOnFile = call.paths.some(isOurs)
    return {
      threads: threads.map((id) => seen.filter(({ thread }) => thread === id)),
      paths: [...new Set(seen.flatMap(({ paths }) => paths.filter(isOurs)))],
    }
  }

  /** The size in bytes of the largest file that a scenario leaves. */
  async largestFile(scenario) {
    await this.starve(scenario, { begin: () => {}, relieve: () => {} })
    return largestFile(this.#directory)
  }

  /** Starts a scenario's process, in whose first pause a shortage begins, and waits for its pause. */
  async #begin({ segmentBytes, before, steps, torn = false }, shortage = null) {
    const ledger = await this.#clear(torn)
    const workload = { directory: this.#directory, segmentBytes, label: LABEL }
    const subject = new Subject({ ...workload, steps: [...before, 'pause', ...steps] }, ledger)
    if (!(await subject.paused())) throw new Error(`the scenario fails by itself: ${await subject.failure()}`)
    shortage?.begin(subject)
    return { subject, ledger }
  }

  async #clear(torn) {
    rmSync(this.repository, { recursive: true, force: true })
    mkdirSync(this.repository)
    const ledger = new Ledger()
    if (!torn) return ledger
    this.#tornLines ??= await tear(join(this.#torn, 'coppice'), this.#trace)
    cpSync(this.#torn, this.repository, { recursive: true })
    for (const line of this.#tornLines) ledger.take(line)
    return ledger
  }
}
