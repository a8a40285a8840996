import { isCoppiceError } from '@coppice/core'

/** How an append or a reading may fail where the disk fails. */
const FAILURES = new Set(
  ['write-failed', 'sync-failed', 'read-only', 'read-failed']
    .map((what) => `log-${what}`)
    .concat('lock-failed'),
)

/** What the processes of a story were told by the log, and which promises it broke. */
export class Ledger {
  broken = []
  /** The highest sequence that was acknowledged. */
  acknowledged = 0
  /** Whether something may fail, since the disk failed at something. */
  hasFaults = false
  /**
   * Whether a sync may have failed, and later ones pass over what it was to write. Nobody can tell then whether what is only
   * read will be there after a cut.
   */
  hasLostSyncs = false
  /** By sequence, the hash of every fact that was acknowledged or read. */
  #known = new Map()
  /** Why an append cannot be in the log, by its name. */
  #excluded = new Map()
  /** Appends that may be in the log or not. */
  #open = new Set()
  /** Appends that somebody has read. */
  #read = new Set()
  #appends = 0

  /** Another one that goes on from here, and tells this one of what is broken. */
  copy() {
    const copy = new Ledger()
    const { broken, acknowledged, hasLostSyncs } = this
    Object.assign(copy, { broken, acknowledged, hasLostSyncs })
    copy.#known = new Map(this.#known)
    copy.#excluded = new Map(this.#excluded)
    copy.#open = new Set(this.#open)
    copy.#read = new Set(this.#read)
    copy.#appends = this.#appends
    return copy
  }

  /** Facts that say which append they are from, and how many it has. */
  factsFor({ count, padding }) {
    this.#appends += 1
    const name = `#${this.#appends}`
    this.#open.add(name)
    const facts = Array.from({ length: count }, (_, index) => ({
      type: 'task.parked',
      at: '2024-01-02T03:04:05.678Z',
      data: { append: name, part: index + 1, of: count, padding: 'x'.repeat(padding) },
    }))
    return { name, facts }
  }

  acknowledge(name, facts) {
    this.#open.delete(name)
    for (const fact of facts) this.#learn(fact, 'was acknowledged')
    this.acknowledged = Math.max(this.acknowledged, facts.at(-1).sequence)
  }

  refuse(name, error, isAny) {
    const code = this.#failure(`append ${name}`, error, isAny)
    // The message says that it is open then what the disk holds.
    if (code === 'log-read-only') return
    this.#open.delete(name)
    this.#excluded.set(name, `was refused with ${code}`)
    if (this.#read.has(name)) this.#break(`append ${name} was read, and then refused with ${code}`)
  }

  /** Anything but an append failed. */
  fail(what, error) {
    this.#failure(what, error, true)
  }

  /** A reader was given a fact, after so many others from the first one on. */
  read(fact, before) {
    if (fact.sequence !== before + 1) this.#break(`fact ${fact.sequence} was read after ${before} others`)
    const reason = this.#excluded.get(fact.data.append)
    if (reason !== undefined) this.#break(`append ${fact.data.append} ${reason}, and is read`)
    this.#read.add(fact.data.append)
    this.#learn(fact, 'was read')
  }

  /** A reader that began when so many facts were acknowledged came to the end. */
  readAll(facts, acknowledged) {
    if (facts.length < acknowledged) {
      this.#break(`${acknowledged} facts were acknowledged, and only ${facts.length} are read`)
    }
    for (let index = 0; index < facts.length;) {
      const { append, of } = facts[index].data
      const there = facts.slice(index, index + of).map(({ data }) => `${data.append} ${data.part}`)
      const whole = Array.from({ length: of }, (_, part) => `${append} ${part + 1}`)
      if (there.join() !== whole.join())
        return this.#break(`append ${append} of ${of} facts is read as ${there}`)
      index += of
    }
  }

  /** The power was cut, and the disk fails no more. */
  cut() {
    this.hasFaults = false
  }

  /** What was left after a power cut, when nobody had been at it yet. */
  restart(facts) {
    for (const [sequence, { how }] of this.#known) {
      if (sequence <= facts.length) continue
      if (this.hasLostSyncs && sequence > this.acknowledged) this.#known.delete(sequence)
      else this.#break(`fact ${sequence} ${how}, and is gone after a cut`)
    }
    this.hasLostSyncs = false
    const left = new Set(facts.map(({ data }) => data.append))
    for (const name of this.#open) if (!left.has(name)) this.#excluded.set(name, 'was gone after a power cut')
    this.#open.clear()
  }

  #learn({ sequence, hash }, how) {
    const known = this.#known.get(sequence)
    if (known !== undefined && known.hash !== hash) {
      this.#break(`fact ${sequence} ${known.how}, and then another fact ${sequence} ${how}`)
    }
    this.#known.set(sequence, known ?? { hash, how })
  }

  #failure(what, error, isAny) {
    const code = isCoppiceError(error) ? error.code : 'an untyped error'
    const isMeant = (code === 'version-conflict' && !isAny) || (this.hasFaults && FAILURES.has(code))
    if (!isMeant) this.#break(`${what} failed with ${code}: ${error?.stack ?? error}`)
    return code
  }

  #break(sentence) {
    this.broken.push(sentence)
  }
}
