/** What goes on behind callers who did not wait for its end. A repository is not closed before that. */
export class Behind {
  readonly #going = new Set<Promise<void>>()

  /** Nobody is there any more to be told of a failure but the process. */
  add(work: Promise<unknown>): void {
    const going: Promise<void> = work
      .then(
        () => undefined,
        (error: unknown) => process.emitWarning(error as Error),
      )
      .finally(() => this.#going.delete(going))
    this.#going.add(going)
  }

  async settled(): Promise<void> {
    await Promise.all(this.#going)
  }
}
