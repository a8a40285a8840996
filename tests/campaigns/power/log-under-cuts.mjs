import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { execute } from '../execute.mjs'
import { judge } from '../file-log/judge.mjs'
import { Ledger } from '../file-log/ledger.mjs'
import { examine, hashesByPython } from '../file-log/run.mjs'
import { Disk } from './disk.mjs'
import { workUntilCut } from './work-until-cut.mjs'

/** One log on a disk whose power is cut again and again, with all that was ever acknowledged. */
export class LogUnderCuts {
  ledger = new Ledger()
  #disk
  #directory

  /** @param options how the disk is mounted */
  constructor(options) {
    this.#disk = new Disk(options)
    const repository = join(this.#disk.root, 'repository')
    this.#directory = join(repository, 'coppice')
    mkdirSync(repository)
    execute('sync', ['--file-system', this.#disk.root])
  }

  /** @returns a sentence for every promise that was broken (`broken`), and whether a snapshot is left (`hasSnapshot`) */
  async cut({ segmentBytes, steps, moment }, label) {
    const workload = { directory: this.#directory, segmentBytes, label, steps }
    const failure = await workUntilCut(this.#disk, workload, moment, this.ledger)
    this.#disk.unmount()
    this.#disk.mount()
    const found = examine(this.#directory, segmentBytes, `after-${label}`)
    const broken = judge(this.ledger, found, { powerCut: true })
    if (failure !== null) broken.push(failure)
    if (found.error !== undefined) return { broken, hasSnapshot: false }
    for (const { sequence, hash } of found.appended) this.ledger.acknowledged.set(sequence, hash)
    broken.push(...this.#readOtherwise(found.after))
    return { broken, hasSnapshot: found.snapshot !== null }
  }

  /** What fsck finds wrong; null if nothing. */
  check() {
    this.#disk.unmount()
    const problem = this.#disk.check()
    this.#disk.mount()
    return problem
  }

  /** How many ends of interrupted writes have been cut off. */
  get tornEnds() {
    return readdirSync(join(this.#directory, 'log')).filter((name) => name.startsWith('torn-')).length
  }

  destroy() {
    this.#disk.destroy()
  }

  /** Reads the log with another program, in another language. */
  #readOtherwise(facts) {
    try {
      const isSame = hashesByPython(this.#directory).join() === facts.map(({ hash }) => hash).join()
      return isSame ? [] : ['the reader in Python reads another log']
    } catch (error) {
      return [`the reader in Python failed: ${error.message}`]
    }
  }
}
