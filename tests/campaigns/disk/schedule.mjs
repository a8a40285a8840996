/** Of a hundred operations, how many end some while before their process learns of it. */
const LATE = 20

/** Steps that others take, if there are any, while a process sleeps. */
const SLEEP = 4

const always = () => true

/** What processes wait for: one thing after the other comes to its end, in an order that chance decides. */
export class Schedule {
  #tasks = []
  #steps = 0

  constructor(random) {
    this.random = random
  }

  /** Has an operation done at some time from now on, once it is ready. */
  later(process, perform, isReady = always) {
    return new Promise((resolve, reject) => {
      this.#add(process, isReady, () => {
        const deliver = outcomeOf(perform, resolve, reject)
        if (this.random.percent(LATE)) this.#add(process, always, deliver)
        else deliver()
      })
    })
  }

  sleep() {
    const until = this.#steps + SLEEP
    return new Promise((resolve) => {
      this.#add(null, () => this.#steps >= until, resolve)
    })
  }

  /** Takes one step, after which the programs run until they wait again; false if nothing can be done. */
  step() {
    let ready = this.#tasks.filter(({ isReady }) => isReady())
    if (ready.length === 0 && this.#tasks.some(({ process }) => process === null)) {
      this.#steps += SLEEP
      ready = this.#tasks.filter(({ isReady }) => isReady())
    }
    if (ready.length === 0) return false
    const task = this.random.of(ready)
    this.#tasks.splice(this.#tasks.indexOf(task), 1)
    this.#steps += 1
    task.run()
    return true
  }

  /** What a process waited for does not come any more. */
  drop(process) {
    this.#tasks = this.#tasks.filter((task) => task.process !== process)
  }

  #add(process, isReady, run) {
    this.#tasks.push({ process, isReady, run })
  }
}

function outcomeOf(perform, resolve, reject) {
  try {
    const value = perform()
    return () => resolve(value)
  } catch (error) {
    return () => reject(error)
  }
}
