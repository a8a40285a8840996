/** What the workloads on one log have said, in the order in which they said it. */
export class Ledger {
  /** The hash of every acknowledged fact by its sequence. */
  acknowledged = new Map()
  /** Why every append was refused that was answered with an error. */
  refused = new Map()
  /** Every snapshot that was about to be saved, its sequence and its done tasks in one line; and whether any was. */
  announced = new Set()
  hasSaved = false
  /** Whether an append or a reading failed. */
  hasToldFailure = false
  isDone = false
  /** Promises that were broken while the process ran. */
  broken = []

  take(line) {
    const [word, ...rest] = line.split(' ')
    this.#entries[word]?.(...rest)
  }

  #entries = {
    acknowledged: (_append, ...facts) => {
      for (const [sequence, hash] of pairs(facts)) this.acknowledged.set(sequence, hash)
    },
    refused: (append, code, ...message) => {
      this.refused.set(append, `${code}: ${message.join(' ')}`)
      this.hasToldFailure = true
      const isWrong = code === 'untyped' || code === 'version-conflict' || code === 'log-corrupt'
      if (isWrong) this.broken.push(`append ${append} was refused with ${code}: ${message.join(' ')}`)
    },
    held: (...facts) => {
      const held = new Map(pairs(facts))
      for (const [sequence, hash] of this.acknowledged) {
        if (held.get(sequence) !== hash) this.broken.push(`the process itself does not read fact ${sequence}`)
      }
    },
    unreadable: (code, ...message) => {
      this.hasToldFailure = true
      const isWrong = code === 'untyped' || code === 'log-corrupt'
      if (isWrong) this.broken.push(`reading failed with ${code}: ${message.join(' ')}`)
    },
    unclosed: (code, ...message) => {
      if (code === 'untyped') this.broken.push(`closing failed with ${code}: ${message.join(' ')}`)
    },
    saving: (sequence, ...tasks) => {
      this.announced.add(snapshotLine(sequence, tasks))
    },
    saved: () => {
      this.hasSaved = true
    },
    unsaved: (code, ...message) => {
      if (code === 'untyped') this.broken.push(`saving a snapshot failed with ${code}: ${message.join(' ')}`)
    },
    done: () => {
      this.isDone = true
    },
  }
}

/** What tells snapshots apart. */
export function snapshotLine(sequence, tasks) {
  return `${sequence} ${tasks.toSorted().join()}`
}

function pairs(facts) {
  return facts.map((fact) => {
    const [sequence, hash] = fact.split(':')
    return [Number(sequence), hash]
  })
}
