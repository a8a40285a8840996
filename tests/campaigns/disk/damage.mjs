import { SECTOR } from './simulated-file.mjs'
import { Tear } from './tear.mjs'

/** Of a hundred sectors, how many hold what was written last; the others lost it, or are torn. */
const SHARES = [0, 25, 50, 75, 100]

/** Of a hundred sectors that do not hold what was written last, how many are torn. */
const TORN_SECTORS = 30

/** Of a hundred files, how many are torn at one place, and are as some change left them in front of it and behind it. */
const TORN_FILES = 35

/** What a power cut leaves of everything that was not synced: drawn by chance, counted and told. */
export class Damage {
  #share
  #tear = null

  /**
   * @param random decides
   * @param journal is told
   * @param share of what was written last is left, of a hundred; null for another one in each file
   */
  constructor(random, journal, share, path = '') {
    this.random = random
    this.journal = journal
    this.given = share
    this.path = path
    this.#share = share ?? random.of(SHARES)
  }

  of(name) {
    return new Damage(this.random, this.journal, this.given, `${this.path}/${name}`)
  }

  keepsNames(names) {
    const isKept = this.random.percent(this.#share)
    this.#tell(isKept ? 'names kept' : 'names lost', `${this.path}: ${names.join(' to ')}`)
    return isKept
  }

  /** Comes to a file. */
  meet(sectors) {
    if (sectors.size > 0 && this.random.percent(TORN_FILES)) this.#tear = Tear.draw(this.random, sectors)
  }

  size(sizes) {
    const newest = sizes.at(-1)
    if (sizes.length === 1) return newest
    const size = this.random.percent(this.#share) ? newest : this.random.of(sizes)
    this.#tell(
      size === newest ? 'sizes kept' : 'sizes lost',
      `${this.path}: size ${size} of ${sizes.join(', ')}`,
    )
    return size
  }

  /** The bytes of a sector, which changes have left as these values. */
  sector(values, index) {
    if (this.#tear !== null) return this.#torn(values, index, this.#tear)
    const newest = values.length - 1
    if (this.random.percent(this.#share)) return this.#left(values, newest, 'sectors kept', index)
    if (this.random.percent(TORN_SECTORS)) {
      return this.#torn(values, index, Tear.draw(this.random, new Map([[index, { values }]])))
    }
    const older = this.random.below(newest)
    return this.#left(values, older, older === 0 ? 'sectors lost' : 'sectors left as in between', index)
  }

  #left(values, chosen, kind, index) {
    this.#tell(kind, `${this.path}: sector ${index} as change ${values[chosen].change} left it`)
    return values[chosen].bytes
  }

  #torn(values, index, tear) {
    this.#tell('sectors torn', `${this.path}: sector ${index}, ${tear}`)
    return tear.through(values, index * SECTOR)
  }

  #tell(kind, text) {
    this.journal.count(kind)
    this.journal.tell(() => `      ${text}`)
  }
}
