import { taskOf, type Engine } from '@coppice/core'
import type { GitWorkspace, Spare } from '@coppice/git-adapter'
import { poolLimits, type PoolLimits } from '../pool-limits.js'

export interface PoolStatus extends PoolLimits {
  /** Ready worktrees, the oldest first. */
  readonly ready: readonly Pick<Spare, 'path' | 'commit' | 'bytes'>[]
}

/**
 * Fills the pool of ready worktrees up again after use, in the background, and never while nothing happens. What cannot be
 * done costs time later and nothing else, so it is told as a warning.
 */
export class PoolKeeper {
  readonly #controller = new AbortController()
  #running: Promise<void> | null = null
  #isWanted = false
  readonly #asked = new Set<Promise<void>>()
  /** What new ready worktrees begin with: what tasks do. */
  #revisions: readonly string[] = ['HEAD']

  constructor(
    private readonly workspace: GitWorkspace,
    private readonly limits: { current: PoolLimits },
  ) {}

  /** Fills up after every task that is made. */
  follow(engine: Engine): void {
    if (this.size === 0) return
    engine.listeners.on('worktree.created', ({ stream }) => {
      const task = engine.find(taskOf(stream) ?? '')
      if (task === null) return
      const { into, base } = task
      this.#revisions = [...(into === null ? [] : [`refs/heads/${into}`]), base.commit]
      this.#refill()
    })
  }

  get size(): number {
    return this.limits.current.size
  }

  async status(): Promise<PoolStatus> {
    const ready = (await this.workspace.spares()).map(({ path, commit, bytes }) => ({ path, commit, bytes }))
    return { ...this.limits.current, ready }
  }

  async resize(size: number): Promise<void> {
    const { maxBytes } = this.limits.current
    this.limits.current = poolLimits({ given: size, configured: null }, { given: maxBytes, configured: null })
    await this.workspace.setPoolSize(size)
  }

  /** Makes it full now, or empty where its size is 0; waits for whoever is filling it. */
  async fill(signal?: AbortSignal): Promise<void> {
    const ends = [this.#controller.signal, ...(signal === undefined ? [] : [signal])]
    const filling = this.#fill(true, AbortSignal.any(ends))
    this.#asked.add(filling)
    try {
      await filling
    } finally {
      this.#asked.delete(filling)
    }
  }

  /** Ends what goes on, in the background and otherwise. */
  async stop(): Promise<void> {
    this.#controller.abort()
    await Promise.allSettled([this.#running, ...this.#asked])
  }

  #fill(wait: boolean, signal: AbortSignal): Promise<void> {
    return this.workspace.fillPool({ ...this.limits.current, revisions: this.#revisions, wait, signal })
  }

  /** One round at a time; whatever is asked for meanwhile is done in the next. */
  #refill(): void {
    this.#isWanted = true
    this.#running ??= this.#rounds().finally(() => (this.#running = null))
  }

  async #rounds(): Promise<void> {
    const { signal } = this.#controller
    while (this.#isWanted && !signal.aborted) {
      this.#isWanted = false
      await this.#fill(false, signal).catch((error: unknown) => {
        if (!signal.aborted) process.emitWarning(error as Error)
      })
    }
  }
}
