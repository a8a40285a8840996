import { readdirSync, rmSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Disk } from '../disk.mjs'
import { judge } from './judge.mjs'
import { Ledger } from './ledger.mjs'
import { Player } from './player-process.mjs'
import { makeRepository } from './repository.mjs'

/** Seconds that a machine is without power at least: older locks nobody can be holding. */
const OFF_S = 60

/** One repository on a disk whose power is cut again and again, with all that was ever acknowledged. */
export class RepositoryUnderCuts {
  ledger = new Ledger()
  #disk
  repo

  constructor(options) {
    this.#disk = new Disk(options)
    this.repo = join(this.#disk.root, 'repo')
    makeRepository(this.repo)
  }

  /** @returns a sentence for every promise that was broken, and what recovery had to mend */
  async cut({ acknowledgements, pause, seed }) {
    const failure = await this.#workUntilCut({ acknowledgements, pause, seed })
    this.#disk.unmount()
    this.#disk.mount()
    boot(join(this.repo, '.git'))
    return this.#recover(seed, failure === null ? [] : [failure])
  }

  async #workUntilCut({ acknowledgements, pause, seed }) {
    const { ledger } = this
    ledger.beginProcess()
    const cut = await this.#disk.prepareCut()
    const player = this.#player('work', seed)
    await player.until(() => ledger.acknowledgements >= acknowledgements)
    await sleep(pause)
    const isTooEarly = player.isOver && !ledger.isOver
    await cut(player.pid)
    const failure = await player.end()
    return failure ?? (isTooEarly ? 'the engine ended before the cut' : null)
  }

  async #recover(seed, broken) {
    const { ledger } = this
    ledger.beginProcess()
    const player = this.#player('recover', seed)
    const isReady = await player.until(() => ledger.isWaiting)
    if (!isReady) broken.push(`recovery did not come to its end: ${player.errors}`)
    else {
      broken.push(...judge(this.repo, ledger), ...this.#told())
      player.goOn()
      if (!(await player.until(() => ledger.isOver))) broken.push(`it does not go on: ${player.errors}`)
      broken.push(...ledger.stuck.map((what) => `a task cannot go on: ${what}`))
    }
    const mended = (ledger.recovery?.repaired ?? []).map(({ code }) => code)
    await player.end()
    return { broken, mended }
  }

  /** What a recovery could not put right. */
  #told() {
    const { problems, recovery } = this.ledger
    const failed = recovery.failed.map(({ code, subject, reason }) => `${code} ${subject}: ${reason}`)
    const left = recovery.drifts.filter(({ severity }) => severity !== 'note')
    return [
      ...problems.map((problem) => `a problem: ${problem}`),
      ...failed.map((what) => `a repair failed: ${what}`),
      ...left.map(({ code, subject }) => `the doctor still finds ${code} ${subject}`),
    ]
  }

  check() {
    this.#disk.unmount()
    const problem = this.#disk.check()
    this.#disk.mount()
    return problem
  }

  destroy() {
    this.#disk.destroy()
  }

  #player(job, seed) {
    return new Player({ repo: this.repo, job, seed }, this.ledger, this.#disk.root)
  }
}

/** A machine whose power failed comes back after a while, and its boot has another id. */
function boot(gitDir) {
  rmSync(join(gitDir, 'coppice', 'boot'), { force: true })
  const then = Date.now() / 1_000 - OFF_S
  for (const name of readdirSync(gitDir, { recursive: true }))
    if (name.endsWith('.lock') || name === 'packed-refs.new') utimesSync(join(gitDir, name), then, then)
}
