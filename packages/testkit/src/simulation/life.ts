import type { EnginePorts } from '@coppice/core'
import type { SimulatedProcess, SimulatedWorld } from '../world/simulated-world.js'
import { DisturbedSteps, SimulatedFailure } from './disturbed-steps.js'
import type { Interleaving } from './interleaving.js'
import type { ProgramFault } from './program-fault.js'
import { messageOf } from './words.js'

/** What a program is run with: the ports of its process, for `Engine.open` or for `openCoppiceOn`. */
export type Program<T> = (ports: EnginePorts) => Promise<T>

/** What a life came to. */
type End<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'error'; readonly error: unknown }
  | { readonly kind: 'killed' }

export interface LifeOptions<T> {
  readonly world: SimulatedWorld
  readonly program: Program<T>
  readonly fault: ProgramFault | null
  readonly interleaving: Interleaving
  readonly name: string
  /** Is told of each step that the life comes to, before anything else happens. */
  readonly witness: (life: Life<T>) => void
}

/** One process of a program, from its start to its end. */
export class Life<T> {
  /** What it came to; null while it goes on, or stands still. */
  end: End<T> | null = null
  /** Whether there was ever another process of the program at the same time. */
  wasAlone = true
  /** Resolves when it is over. */
  readonly over: Promise<void>
  /** Resolves when it is over, or stands still: whoever comes next may begin. */
  readonly next: Promise<void>
  readonly #steps: DisturbedSteps
  readonly #process: SimulatedProcess
  readonly #leave: () => void
  #ended: () => void = () => undefined
  #handOver: () => void = () => undefined
  /** Resolves when it stands still no more. A process does that with all of its work, and not with the paused part alone. */
  #awake: Promise<void> = Promise.resolve()
  #wake: () => void = () => undefined
  #isStanding = false
  #waitedFor = ''

  constructor(private readonly options: LifeOptions<T>) {
    const { world, fault, interleaving, name, witness } = options
    this.over = new Promise((resolve) => (this.#ended = resolve))
    this.next = new Promise((resolve) => (this.#handOver = resolve))
    this.#steps = new DisturbedSteps(
      async (step) => {
        witness(this)
        await interleaving.turn(`${name}: ${step}`)
        await this.#awake
      },
      () => this.#finish({ kind: 'killed' }),
      () => this.#standStill(),
    )
    this.#steps.expect(fault)
    this.#process = world.start(this.#steps)
    this.#leave = interleaving.begin()
    void this.#run()
  }

  /** Whether it neither is over nor stands still. */
  get isGoingOn(): boolean {
    return this.end === null && !this.#isStanding
  }

  /** Whether it stands still only until the next one has begun. */
  get isJoined(): boolean {
    return this.#isStanding && this.options.fault?.kind === 'beside'
  }

  /** What befell it, in words; null for nothing. */
  get trouble(): string | null {
    const befallen = this.#steps.trouble === null ? [] : [this.#steps.trouble + this.#waitedFor]
    if (this.hasFailedBeside) befallen.push(`ended beside another by “${messageOf(this.#error)}”`)
    return befallen.length === 0 ? null : befallen.join('; ')
  }

  /** Whether it ended with an injected failure, or with one that this caused. */
  get isCutShort(): boolean {
    return this.end?.kind === 'killed' || isInjected(this.#error)
  }

  /** Whether it ended with an error that another process may have caused. */
  get hasFailedBeside(): boolean {
    return this.end?.kind === 'error' && !this.isCutShort && !this.wasAlone
  }

  /**
   * Goes on, if it stands still.
   *
   * @param until what it stood still for, in words
   */
  wake(until: string): void {
    if (!this.#isStanding) return
    this.#isStanding = false
    this.#waitedFor = until
    this.#wake()
    this.#steps.wake()
  }

  kill(): void {
    this.#finish({ kind: 'killed' })
  }

  get #error(): unknown {
    return this.end?.kind === 'error' ? this.end.error : undefined
  }

  async #run(): Promise<void> {
    try {
      this.#finish({ kind: 'value', value: await this.options.program(this.#process.ports) })
    } catch (error) {
      this.#finish({ kind: 'error', error })
    }
  }

  #standStill(): void {
    this.#isStanding = true
    this.#awake = new Promise((resolve) => (this.#wake = resolve))
    this.#handOver()
  }

  #finish(end: End<T>): void {
    if (this.end !== null) return
    this.end = end
    this.#process.kill()
    this.#leave()
    this.#ended()
    this.#handOver()
  }
}

/** A program may wrap the failure in an error of its own, more than once. */
function isInjected(error: unknown): boolean {
  const seen = new Set<unknown>()
  for (let each = error; each instanceof Error && !seen.has(each); each = each.cause) {
    if (each instanceof SimulatedFailure) return true
    seen.add(each)
  }
  return false
}
