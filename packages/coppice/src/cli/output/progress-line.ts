import type { Progress } from '@coppice/store'

/** Milliseconds between two changes of the line. */
const INTERVAL_MS = 100

/** One line that is written again and again while something takes long, and is gone when that is over. */
export class ProgressLine {
  #writtenAt = 0

  /**
   * @param label what takes long
   * @param stream a terminal, or null where nobody watches
   */
  constructor(
    private readonly label: string,
    private readonly stream: Pick<NodeJS.WriteStream, 'write'> | null,
  ) {}

  /** Does the work, which tells now and then how many bytes of how many it has come through. */
  async during<T>(work: (onProgress: (progress: Progress) => void) => Promise<T>): Promise<T> {
    try {
      return await work((progress) => this.#update(progress))
    } finally {
      if (this.#writtenAt > 0) this.stream?.write(TO_START)
    }
  }

  #update({ read, total }: Progress): void {
    const now = Date.now()
    if (this.stream === null || now - this.#writtenAt < INTERVAL_MS) return
    this.#writtenAt = now
    const percent = Math.min(Math.floor((read / Math.max(total, 1)) * 100), 100)
    this.stream.write(`${TO_START}${this.label}: ${percent} %`)
  }
}

/** Takes a terminal back to the start of its line, which is emptied. */
const TO_START = '\r\u001b[K'
