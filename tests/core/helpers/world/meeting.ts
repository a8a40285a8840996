/** Lets nobody go on before so many have arrived; whoever expects work to be done at the same time waits here. */
export class Meeting {
  #arrived = 0
  readonly #all: Promise<void>
  #open: () => void = () => undefined

  constructor(private readonly expected: number) {
    this.#all = new Promise((resolve) => {
      this.#open = resolve
    })
  }

  arrive(): Promise<void> {
    this.#arrived += 1
    if (this.#arrived === this.expected) this.#open()
    return this.#all
  }
}
