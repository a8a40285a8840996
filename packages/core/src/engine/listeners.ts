import { EventEmitter } from 'eventemitter3'
import type { EffectKind } from '../effects/effect.js'
import type { FactType } from '../facts/fact.js'
import type { RecordedFact, RecordedFactOf } from '../facts/recorded-fact.js'

/** An effect that could not be done now. It stays owed, and is tried again when the repository is next opened. */
export interface Problem {
  readonly task: string
  /** The effect that is owed, or null where recording what happened was the trouble. */
  readonly effect: EffectKind | null
  readonly error: Error
}

type FactListeners = { [T in FactType]: (fact: RecordedFactOf<T>) => void }

export interface EngineEvents extends FactListeners {
  /** Every fact, whatever its type. */
  fact: (fact: RecordedFact) => void
  problem: (problem: Problem) => void
}

/** Tells listeners of facts that are durable, in log order. */
export class Listeners extends EventEmitter<EngineEvents, never> {
  tell(fact: RecordedFact): void {
    this.#tellEach('fact', fact)
    this.#tellEach(fact.type, fact)
  }

  report(problem: Problem): void {
    this.#tellEach('problem', problem)
  }

  /** Like `emit`, but a listener that throws keeps nothing from those after it. */
  #tellEach(event: keyof EngineEvents, news: RecordedFact | Problem): void {
    for (const listener of this.listeners(event)) {
      // Takes the listener off if it was added with `once`.
      this.off(event, listener, undefined, true)
      isolated(() => (listener as (news: RecordedFact | Problem) => void)(news))
    }
  }
}

/** A listener's error is its owner's: it surfaces as an unhandled rejection and never stops the engine. */
function isolated(call: () => void): void {
  try {
    call()
  } catch (error) {
    void Promise.reject(error)
  }
}
