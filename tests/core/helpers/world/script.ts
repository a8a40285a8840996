import type { CheckpointOutcome, EffectContext, EffectKind, Outcome, TaskState } from '@coppice/core'

export type Act = EffectKind | 'checkpoint'
export type Result = Outcome | CheckpointOutcome

/** What happens in place of an effect; `proceed` does the effect itself. */
export type Intervention = (
  proceed: () => Promise<Result>,
  task: TaskState,
  context: EffectContext,
) => Promise<Result>

/** What a test has the world do next, by effect; an effect without a line in the script just happens. */
export class Script {
  readonly #lines = new Map<Act, Intervention[]>()

  /** The next time, and the times after that if called again, the effect goes like this. */
  next(act: Act, intervention: Intervention): void {
    this.#lines.set(act, [...(this.#lines.get(act) ?? []), intervention])
  }

  /** So many times the effect only answers with an outcome. */
  answer(act: Act, outcome: Result, times = 1): void {
    for (let left = times; left > 0; left--) this.next(act, async () => outcome)
  }

  /** The effect throws, before it has done anything. */
  fail(act: Act, error: unknown): void {
    this.next(act, () => Promise.reject(error))
  }

  take(act: Act): Intervention {
    return this.#lines.get(act)?.shift() ?? ((proceed) => proceed())
  }
}
