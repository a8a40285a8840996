/** What becomes of a task is not known while something is being done with it. */
const UNKNOWN = null

/** What a process said that it was about to do and had done, task by task; it outlives the disk's memory. */
export class Ledger {
  tasks = new Map()
  /** Every merge and every checkpoint that was ever acknowledged. */
  merges = []
  checkpoints = []
  acknowledgements = 0
  problems = []
  stuck = []
  /** What the last recovery said. */
  recovery = null
  found = new Map()
  isWaiting = false
  isOver = false

  take(text) {
    const line = JSON.parse(text)
    if (line.begun !== undefined) this.#begin(line)
    else if (line.done !== undefined) this.#finish(line)
    else if (line.problem !== undefined) this.problems.push(line.problem)
    else if (line.stuck !== undefined) this.stuck.push(`${line.stuck}: ${line.why}`)
    else if (line.found !== undefined) this.found.set(line.found, line)
    else if (line.repaired !== undefined) this.recovery = line
    else if (line.waiting) this.isWaiting = true
    else if (line.over) this.isOver = true
  }

  /** Forgets what one process said of itself, and what it did of which it acknowledged nothing: who knows how much the disk has. */
  beginProcess() {
    this.acknowledgements = 0
    Object.assign(this, { problems: [], stuck: [], recovery: null, isWaiting: false, isOver: false })
    this.found = new Map()
    for (const known of this.tasks.values()) if (known.status === UNKNOWN) known.round = known.pinned
  }

  #begin({ begun, task, round }) {
    const known = this.tasks.get(task) ?? { status: UNKNOWN, round: null, pinned: null }
    const edited = begun === 'edit' ? { round, pinned: null } : {}
    this.tasks.set(task, { ...known, ...edited, begun, status: UNKNOWN })
  }

  #finish({ done, task, status, ...rest }) {
    this.acknowledgements += 1
    const known = this.tasks.get(task)
    const pinned = done === 'create' ? null : known.round
    this.tasks.set(task, { ...known, begun: null, done, status, pinned })
    if (done === 'checkpoint') this.checkpoints.push({ task, ...rest })
    if (rest.outcome?.status === 'merged') this.merges.push({ task, round: rest.round, ...rest.outcome })
  }
}
