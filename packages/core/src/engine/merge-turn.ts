import type { EffectKind } from '../effects/effect.js'
import type { Clock } from '../ports/clock.js'
import type { Lock, Locks } from '../ports/locks.js'
import type { TaskState } from '../task/state.js'
import { TURN_PATIENCE_MS } from '../task/limits.js'
import { MERGE_TURN_LOCK } from './lock-names.js'

/**
 * The turn of a merge that nobody has to verify: from when it is prepared until it has landed. Another landing in between
 * would have it prepared anew, and of so many that come at the same time each would be, again and again. A merge that is
 * verified takes none, for its command may run for as long as it likes. What is right does not depend on turns: whoever has
 * waited too long, as for a process that was stopped, goes on without.
 */
export class MergeTurn {
  #lock: Lock | null = null
  #isOver = false

  constructor(private readonly ports: { readonly locks: Locks; readonly clock: Clock }) {}

  /** Whether an effect is one that has to have its turn, and has not. */
  isToCome(effect: EffectKind, task: TaskState): boolean {
    return isPartOfTurn(effect, task) && this.#lock === null && !this.#isOver
  }

  /** Waits for the turn where an effect is a part of one, and ends it where it is not. */
  async before(effect: EffectKind, task: TaskState, signal: AbortSignal | undefined): Promise<void> {
    if (this.isToCome(effect, task)) {
      this.#lock = await this.#wait(signal)
      this.#isOver = this.#lock === null
    } else if (effect !== 'prepare' && effect !== 'land') {
      await this.end()
    }
  }

  async end(): Promise<void> {
    const lock = this.#lock
    this.#lock = null
    await lock?.release()
  }

  /** Null after too long a time. */
  async #wait(signal: AbortSignal | undefined): Promise<Lock | null> {
    const { locks, clock } = this.ports
    const over = new AbortController()
    const patience = clock.sleep(TURN_PATIENCE_MS, over.signal).then(
      () => over.abort(),
      () => undefined,
    )
    const signals = signal === undefined ? [over.signal] : [signal, over.signal]
    try {
      return await locks.acquire(MERGE_TURN_LOCK, AbortSignal.any(signals))
    } catch (error) {
      signal?.throwIfAborted()
      if (!over.signal.aborted) throw error
      return null
    } finally {
      over.abort()
      await patience
    }
  }
}

/** A landing has its turn from the preparation; what was prepared by an engine that died lands without, or is prepared anew. */
function isPartOfTurn(effect: EffectKind, { merge }: TaskState): boolean {
  return effect === 'prepare' && merge?.verify === null
}
