/** What is told of one case; when a log is damaged, everything about it is wrong. */
const MOST_SENTENCES = 5

/** Counts what a campaign did, and tells of every broken promise with the line that runs its case again. */
export class Tally {
  #counts = new Map()
  cases = 0
  violations = 0

  constructor(campaign) {
    this.campaign = campaign
  }

  /** Counts something beside the cases, such as acknowledged facts that were looked for. */
  count(what, number = 1) {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + number)
  }

  counted(what) {
    return this.#counts.get(what) ?? 0
  }

  /**
   * @param kind what the case has in common with others, such as the fault that was injected
   * @param again the options that run this case alone
   * @param broken a sentence for every promise that was broken
   */
  add(kind, again, broken) {
    this.cases += 1
    this.count(kind)
    if (broken.length === 0) return
    this.violations += broken.length
    for (const sentence of broken.slice(0, MOST_SENTENCES))
      process.stdout.write(`VIOLATION ${kind}: ${sentence}\n`)
    if (broken.length > MOST_SENTENCES) process.stdout.write(`  and ${broken.length - MOST_SENTENCES} more\n`)
    process.stdout.write(`  again: npm run campaign -- ${this.campaign} ${again}\n`)
  }

  print() {
    for (const [what, number] of this.#counts)
      process.stdout.write(`${String(number).padStart(8)}  ${what}\n`)
    process.stdout.write(`${this.campaign}: ${this.cases} cases, ${this.violations} violations\n`)
  }
}
