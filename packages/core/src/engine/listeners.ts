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
export class Listeners extends EventEmitter<EngineEvents> {
  tell(fact: RecordedFact): void {
    isolated(() => this.emit('fact', fact))
    isolated(() => this.emit(fact.type, ...([fact] as Parameters<FactListeners[FactType]>)))
  }

  report(problem: Problem): void {
    isolated(() => this.emit('problem', problem))
  }
}

/** A listener's error is its owner's: it surfaces as an unhandled rejection and never stops the engine. */
function isolated(emit: () => void): void {
  try {
    emit()
  } catch (error) {
    void Promise.reject(error)
  }
}
