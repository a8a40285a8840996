import type { Pin } from '../doctor/books.js'
import { diagnosisOf, type Diagnosis, type Drift } from '../doctor/drift.js'
import { isLiving } from '../doctor/lost.js'
import type { RepairAction } from '../doctor/repair-action.js'
import { nextEffect } from '../effects/next-effect.js'
import { TASK_STATUSES } from '../task/status.js'
import { examine, pinsIn } from './examine.js'
import { existing } from './execute.js'
import { taskLockOf } from './lock-names.js'
import type { EnginePorts } from './ports.js'
import type { Projection } from './projection.js'
import type { Settler } from './settler.js'

/** What a repair did, or would do. */
export interface RepairResult {
  readonly dryRun: boolean
  /** What was put right, in this order; in a dry run what would be. */
  readonly repaired: readonly Drift[]
  /** What could not be put right although it was tried. */
  readonly failed: readonly FailedRepair[]
  /** What is there now. */
  readonly diagnosis: Diagnosis
}

export interface FailedRepair {
  readonly drift: Drift
  /** What the error said. */
  readonly reason: string
}

/** Puts right what a doctor finds, each thing under its task's lock, as it is then. */
export class Repairer {
  constructor(
    private readonly ports: EnginePorts,
    private readonly projection: Projection,
    private readonly settler: Settler,
  ) {}

  async diagnose(): Promise<Diagnosis> {
    return diagnosisOf(await this.#look(await pinsIn(this.ports.log)))
  }

  /** Repairs may bring to light what was hidden behind them, so it looks again until nothing new is found. */
  async repair(dryRun: boolean, signal?: AbortSignal): Promise<RepairResult> {
    const repaired: Drift[] = []
    const failed: FailedRepair[] = []
    const tried = new Set<string>()
    if (!dryRun) await this.ports.workspace.tidy()
    for (;;) {
      const pins = await pinsIn(this.ports.log)
      const drifts = await this.#look(pins)
      const due = drifts.filter((drift) => drift.remedy.kind === 'repair' && !tried.has(keyOf(drift)))
      const diagnosis = diagnosisOf(drifts)
      if (dryRun) return { dryRun, repaired: due, failed, diagnosis }
      if (due.length === 0) return { dryRun, repaired, failed, diagnosis }
      for (const drift of due) {
        signal?.throwIfAborted()
        tried.add(keyOf(drift))
        try {
          if (await this.#mend(drift, pins, signal)) repaired.push(drift)
        } catch (error) {
          signal?.throwIfAborted()
          failed.push({ drift, reason: error instanceof Error ? error.message : String(error) })
        }
      }
    }
  }

  async #look(pins: readonly Pin[]): Promise<readonly Drift[]> {
    await this.projection.refresh()
    return examine(this.ports, this.projection.list(TASK_STATUSES), pins)
  }

  /** Answers whether there was something to put right still. */
  async #mend(drift: Drift, pins: readonly Pin[], signal: AbortSignal | undefined): Promise<boolean> {
    if (drift.task === null) return this.#act(drift, signal)
    const id = drift.task
    const lock = await this.ports.locks.tryAcquire(taskLockOf(id))
    if (lock === null) return false
    try {
      await this.projection.refresh()
      const task = await existing(this.projection, id)
      const own = pins.filter((pin) => pin.task === id)
      const found = await examine(this.ports, [task], own, id)
      const now = found.find((candidate) => keyOf(candidate) === keyOf(drift))
      return now !== undefined && (await this.#act(now, signal))
    } finally {
      await lock.release()
    }
  }

  async #act({ task, remedy }: Drift, signal: AbortSignal | undefined): Promise<boolean> {
    if (remedy.kind === 'refusal') return false
    for (const action of remedy.actions) {
      if (!(await this.#step(action, task, signal))) return false
    }
    return true
  }

  /** Answers false for what is owed still; why has been told to the listeners. */
  async #step(action: RepairAction, id: string | null, signal: AbortSignal | undefined): Promise<boolean> {
    if (action.kind === 'settle' || action.kind === 'find-again') {
      const task = await existing(this.projection, action.task)
      const mustBeFound = action.kind === 'find-again' && isLiving(task.status) && task.worktree === 'present'
      if (mustBeFound) await this.settler.record(task.id, { type: 'worktree.report-lost', data: {} })
      const now = await existing(this.projection, action.task)
      return nextEffect(await this.settler.settle(now, { signal, isRequested: false })) === null
    }
    const task = id === null ? null : await existing(this.projection, id)
    await this.ports.workspace.repair(action, task, { at: this.ports.clock.now(), signal })
    return true
  }
}

function keyOf({ code, task, subject }: Drift): string {
  return [code, task, subject].join('\0')
}
