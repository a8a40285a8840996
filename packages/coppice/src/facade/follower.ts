import type { Engine, EngineEvents } from '@coppice/core'

type EventName = keyof EngineEvents

/** The facade's signatures match listeners to their events; eventemitter3's types cannot follow that here. */
type Listener = EngineEvents[EventName]

/** Follows the log from the first listener on, so that listeners get the facts of other processes too. */
export class Follower {
  readonly #controller = new AbortController()
  #following: Promise<void> | null = null

  constructor(private readonly engine: Engine) {}

  on(event: EventName, listener: Listener): void {
    this.engine.listeners.on(event, listener as never)
    this.#follow(event)
  }

  once(event: EventName, listener: Listener): void {
    this.engine.listeners.once(event, listener as never)
    this.#follow(event)
  }

  off(event: EventName, listener: Listener): void {
    this.engine.listeners.off(event, listener as never)
  }

  /** Rejects with what ended the following before its time. */
  async stop(): Promise<void> {
    this.#controller.abort()
    await this.#following
  }

  /** A log that cannot be read any more surfaces as an unhandled rejection: listeners must not fall silent. */
  #follow(event: EventName): void {
    if (event !== 'problem') this.#following ??= this.engine.follow(this.#controller.signal)
  }
}
