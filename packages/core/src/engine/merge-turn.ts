import type { EffectKind } from '../effects/effect.js'
import type { Lock, Locks } from '../ports/locks.js'
import type { TaskState } from '../task/state.js'
import { MERGE_TURN_LOCK } from './lock-names.js'

/**
 * The turn of a merge that nobody has to verify: from when it is prepared until it has landed. Another landing in between
 * would have it prepared anew, and of so many that come at the same time each would be, again and again. A merge that is
 * verified takes none, for its command may run for as long as it likes.
 */
export class MergeTurn {
  #lock: Lock | null = null

  constructor(private readonly locks: Locks) {}

  /** Whether an effect would have to wait for its turn; if not, it has it. */
  async isToCome(effect: EffectKind, task: TaskState): Promise<boolean> {
    if (!isPartOfTurn(effect, task) || this.#lock !== null) return false
    this.#lock = await this.locks.tryAcquire(MERGE_TURN_LOCK)
    return this.#lock === null
  }

  /** Waits for the turn where an effect is a part of one, and ends it where it is not. */
  async before(effect: EffectKind, task: TaskState, signal: AbortSignal | undefined): Promise<void> {
    if (isPartOfTurn(effect, task)) this.#lock ??= await this.locks.acquire(MERGE_TURN_LOCK, signal)
    else if (effect !== 'land') await this.end()
  }

  async end(): Promise<void> {
    const lock = this.#lock
    this.#lock = null
    await lock?.release()
  }
}

/** A landing has its turn from the preparation; what was prepared by an engine that died lands without, or is prepared anew. */
function isPartOfTurn(effect: EffectKind, { merge }: TaskState): boolean {
  return effect === 'prepare' && merge?.verify === null
}
