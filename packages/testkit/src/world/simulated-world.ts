import type { EnginePorts } from '@coppice/core'
import { Checkout } from '../git-model/checkout.js'
import { SimulatedRepository, type SimulatedRepositoryOptions } from '../git-model/repository.js'
import { SimulatedUser } from '../git-model/user.js'
import { LogDisk } from '../log/log-disk.js'
import { SimulatedLog } from '../log/simulated-log.js'
import { SimulatedSnapshots } from '../snapshots/simulated-snapshots.js'
import { SnapshotDisk } from '../snapshots/snapshot-disk.js'
import { SimulatedAgents } from './agents.js'
import { SimulatedClock, type SimulatedClockOptions } from './clock.js'
import { LockTable } from './locks.js'
import { placementAt, type Placement } from './placement.js'
import { SimulatedWorkspace } from './simulated-workspace.js'
import { MortalSteps, UNDISTURBED, type Steps } from './steps.js'
import type { Verifier } from './workspace/site.js'

export interface SimulatedWorldOptions extends SimulatedRepositoryOptions {
  readonly clock?: SimulatedClockOptions
  /** What verify commands come to; by default they succeed. */
  readonly verifier?: Verifier
}

/** A process with an engine's ports, all of them its own views of one world. */
export interface SimulatedProcess {
  readonly name: string
  /** For `Engine.open`. */
  readonly ports: EnginePorts
  /** Kills it where it is: it never goes on, runs no handler, and the kernel frees its locks. */
  kill(): void
}

/** All that outlives a process: repository, log, snapshots, clock, locks and agents. Nothing in it is random or takes real time. */
export class SimulatedWorld {
  readonly repository: SimulatedRepository
  readonly disk = new LogDisk()
  /** The disk of the snapshots, which are a cache of the log. */
  readonly snapshots = new SnapshotDisk()
  readonly locks = new LockTable()
  readonly agents = new SimulatedAgents()
  readonly clock: SimulatedClock
  /** The repository's owner. */
  readonly user: SimulatedUser
  /** Every worktree that was put into its place, in order. */
  readonly placements: Placement[] = []
  readonly #verifier: Verifier | undefined
  readonly #living = new Set<SimulatedProcess>()
  #started = 0

  constructor({ clock, verifier, ...options }: SimulatedWorldOptions = {}) {
    this.repository = new SimulatedRepository(options)
    this.clock = new SimulatedClock(clock)
    this.user = new SimulatedUser(this.repository, () => this.clock.now())
    this.repository.whenRenamed = (path) => {
      const placement = placementAt(this.repository, path, this.disk.synced)
      if (placement !== null) this.placements.push(placement)
    }
    this.#verifier = verifier
  }

  /** The hands of an agent, or of anybody else, in a worktree. */
  at(path: string): Checkout {
    return new Checkout(this.repository, path, () => this.clock.now())
  }

  /**
   * Starts a process.
   *
   * @param steps what becomes of it, step by step; by default nothing
   */
  start(steps: Steps = UNDISTURBED): SimulatedProcess {
    this.#started += 1
    const name = `process ${this.#started}`
    const own = new MortalSteps(steps)
    const { repository, disk, agents, clock } = this
    const locks = this.locks.openFor(name)
    const verifier = this.#verifier
    const ports: EnginePorts = {
      log: new SimulatedLog({ disk, locks, steps: own }),
      workspace: new SimulatedWorkspace({ repository, locks, steps: own, ...(verifier && { verifier }) }),
      locks,
      agents,
      clock,
      snapshots: new SimulatedSnapshots({ disk: this.snapshots, steps: own }),
    }
    const kill = (): void => {
      own.end()
      this.locks.free(name)
      this.#living.delete(process)
    }
    const process = { name, ports, kill }
    this.#living.add(process)
    return process
  }

  /** Kills every process, and no agent. */
  killAll(): void {
    for (const process of this.#living) process.kill()
  }

  /**
   * Cuts the power: every process dies, agents too, and what was not synced of the log is gone.
   *
   * @param kept facts of that which survive all the same, the oldest first
   */
  cutPower(kept = 0): void {
    this.killAll()
    this.agents.stopAll()
    this.disk.dropUnsynced(kept)
  }
}
