/** What happened in a story, for whoever has to understand it, and how often. */
export class Journal {
  lines = []
  counts = new Map()

  /** @param isKept whether the lines are wanted; most stories are told to nobody */
  constructor(isKept) {
    this.isKept = isKept
  }

  tell(line) {
    if (this.isKept) this.lines.push(line())
  }

  count(what) {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1)
  }
}
