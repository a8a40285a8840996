import { Random } from '../disk/random.mjs'
import { passTimeBy } from '../disk/virtual-time.mjs'
import { makeCorpus } from './corpus.mjs'
import { judge } from './judge.mjs'
import { KnownFacts } from './known-facts.mjs'
import { LogInMemory } from './log-in-memory.mjs'
import { mutate } from './mutate.mjs'

/** Bytes above which a log is taken seldom, since it takes long. */
const LARGE = 100_000

/** Of so many logs, one is large. */
const LARGE_EVERY = 400

/** Makes and judges the cases of a seed. */
export class Cases {
  /** @param makeLog makes a `LogInMemory` of the files that a log has after its mutation */
  constructor(corpus, seed, makeLog) {
    this.corpus = corpus
    this.seed = seed
    this.makeLog = makeLog
    this.known = new KnownFacts(corpus)
    this.large = corpus.filter((log) => sizeOf(log) > LARGE)
    this.small = corpus.filter((log) => sizeOf(log) <= LARGE)
  }

  static async of(seed, makeLog = (files) => new LogInMemory(files)) {
    // Nothing here ever has to wait for another process.
    passTimeBy(async () => {})
    return new Cases(await makeCorpus(), seed, makeLog)
  }

  /** The log of a case as it was and is, what was done to it, and what became of it. */
  async run(number) {
    const random = new Random(new Random(this.seed).below(2 ** 32) ^ new Random(~number).below(2 ** 32))
    const log = random.of(random.below(LARGE_EVERY) === 0 ? this.large : this.small)
    const mutated = mutate(log, this.small, random)
    return { log, ...mutated, ...(await judge({ log, ...mutated }, this.known, random, this.makeLog)) }
  }
}

function sizeOf({ files }) {
  return [...files.values()].reduce((sum, { length }) => sum + length, 0)
}
