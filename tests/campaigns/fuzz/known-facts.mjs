import { segmentsOf } from './changed.mjs'
import { linesOf, objectIn } from './reference-lines.mjs'

/** A fact as text, to compare it with another one. */
export function textOf({ sequence, stream, version, type, at, data, hash }) {
  return JSON.stringify([sequence, stream, version, type, at, data, hash])
}

/**
 * What the logs hold that others are made of by mutations. Where no hash was made anew, nothing else can come out than
 * one of them up to some fact, whatever was done to the files.
 */
export class KnownFacts {
  /** By the hash of a fact, the facts of its log up to it as texts. */
  #logs = new Map()
  /** By its line, every record that says how much was synced before it was written. */
  #records = new Map()

  constructor(corpus) {
    for (const { files, facts } of corpus) {
      const texts = facts.map(textOf)
      for (const [index, { hash }] of facts.entries()) this.#logs.set(hash, texts.slice(0, index + 1))
      for (const name of segmentsOf(files)) for (const line of linesOf(files.get(name))) this.#learn(line)
    }
  }

  /** Answers with a sentence for everything that is wrong with facts, and their texts, that were read from these files. */
  compare(facts, texts, files) {
    if (facts.length > 0) {
      const known = this.#logs.get(facts.at(-1).hash)
      if (known === undefined) return ['facts were read that are of no log']
      if (texts.length !== known.length || texts.some((text, index) => text !== known[index])) {
        return ['facts were read that are those of a log in part only']
      }
    }
    return this.#overlooked(facts.length, files)
  }

  /** A record that is still whole must not say that more was on the disk than is read now. */
  #overlooked(count, files) {
    const last = segmentsOf(files).at(-1)
    const lines = last === undefined ? [] : linesOf(files.get(last))
    const records = lines
      .map((line) => this.#records.get(line.toString('latin1')))
      .filter((record) => record !== undefined)
    const evidence = records.find(({ synced }) => synced > count)
    if (evidence === undefined) return []
    return [`${count} facts were read, and record ${evidence.seq} behind them says that more was on the disk`]
  }

  #learn(line) {
    const fields = objectIn(line.toString('utf8'))
    if (fields?.seq === undefined || fields.v === 1) return
    const { seq, synced = seq - 1 } = fields
    this.#records.set(line.toString('latin1'), { seq, synced })
  }
}
