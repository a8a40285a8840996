import type { Request } from '../commands/command.js'
import type { EffectKind } from '../effects/effect.js'
import { nextEffect } from '../effects/next-effect.js'
import type { Missing, Outcome, Pinned } from '../effects/outcome.js'
import { reportOf } from '../effects/report.js'
import { AgentRunningError, RestlessWorktreeError } from '../errors/task-errors.js'
import type { EffectContext, Workspace } from '../ports/workspace.js'
import { CREATION_BACKOFF_MS, MAX_PINS_PER_EFFECT } from '../task/limits.js'
import type { TaskState } from '../task/state.js'
import type { Cancellation } from './cancellation.js'
import { DeferredEffectError } from './deferred-effect-error.js'
import { failureReport } from './failure-report.js'
import { MergeTurn } from './merge-turn.js'
import type { EnginePorts } from './ports.js'

/** Records an outcome and answers with the state that follows from it. */
export type Recorder = (request: Request) => Promise<TaskState>

/**
 * Does what a task owes until it owes nothing more. Called under the task's lock. Each turn is: look at the
 * state, do the effect, make its outcome durable; so a crash at any instant leaves either an intent without an
 * effect or an effect without a recorded outcome, and the next turn deals with both.
 *
 * @throws {DeferredEffectError} when an effect is not safe to do now; it stays owed
 * @throws {RestlessWorktreeError} when a worktree keeps changing while an effect pins it
 */
export async function perform(
  ports: EnginePorts,
  start: TaskState,
  record: Recorder,
  cancellation: Cancellation,
): Promise<TaskState> {
  const turn = new MergeTurn(ports)
  try {
    return await performInTurn(ports, turn, start, record, cancellation)
  } finally {
    await turn.end()
  }
}

async function performInTurn(
  ports: EnginePorts,
  turn: MergeTurn,
  start: TaskState,
  record: Recorder,
  cancellation: Cancellation,
): Promise<TaskState> {
  let task = start
  let pins = 0
  let round = {}
  for (let effect = nextEffect(task); effect !== null; effect = nextEffect(task)) {
    // A landing is short and may have happened already: it is brought to its end and never cancelled.
    const signal = effect === 'land' ? undefined : cancellation.signal
    let outcome: Outcome
    try {
      if (pins === MAX_PINS_PER_EFFECT) throw new RestlessWorktreeError(task.id, { pins })
      await beforehand(ports, effect, task, { ...cancellation, signal })
      const isFirst = pins === 0 && turn.isToCome(effect, task)
      const early = isFirst ? await pinned(ports, task, { signal, round }) : null
      if (early === null) await turn.before(effect, task, signal)
      // What an effect makes is not older than what it waited for.
      const context = { at: ports.clock.now(), signal, force: cancellation.force, round }
      outcome = early ?? (await run(ports.workspace, effect, task, context))
      if (outcome.kind === 'deferred') throw new DeferredEffectError(task.id, effect, outcome.failure)
    } catch (error) {
      const report = failureReport(task, effect, error, { ...cancellation, signal })
      if (report !== null) await record(report)
      throw error
    }
    pins = outcome.kind === 'pinned' ? pins + 1 : 0
    if (!IN_A_ROW.has(outcome.kind)) round = {}
    task = await record(reportOf(outcome))
  }
  return task
}

/** After these the next effect follows at once, and nobody has been waited for. */
const IN_A_ROW = new Set<Outcome['kind']>(['pinned', 'prepared', 'landed'])

/** Before a merge has its turn its work is pinned, for that may take long; null where there is nothing to be pinned. */
async function pinned(
  { workspace, clock }: EnginePorts,
  task: TaskState,
  rest: Pick<EffectContext, 'signal' | 'round'>,
): Promise<Pinned | Missing | null> {
  const context = { at: clock.now(), ...rest }
  const outcome = await workspace.checkpoint(task, `before ${task.id} is merged`, context)
  return outcome.kind === 'unchanged' ? null : outcome
}

/** What has to be so, or has to be waited for, before an effect may run. */
async function beforehand(
  { agents, clock }: EnginePorts,
  effect: EffectKind,
  task: TaskState,
  { signal, force = false }: Cancellation,
): Promise<void> {
  signal?.throwIfAborted()
  if (effect === 'create' && task.attempts > 0) {
    await clock.sleep(CREATION_BACKOFF_MS * 2 ** (task.attempts - 1), signal)
  }
  if (effect === 'remove' && !force && task.agent !== null && (await agents.isAlive(task.agent))) {
    throw new AgentRunningError(task.id, task.agent.pid)
  }
}

function run(
  workspace: Workspace,
  effect: EffectKind,
  task: TaskState,
  context: EffectContext,
): Promise<Outcome> {
  switch (effect) {
    case 'create':
      return workspace.create(task, context)
    case 'prepare':
      return workspace.prepareMerge(task, context)
    case 'verify':
      return workspace.verify(task, context)
    case 'land':
      return workspace.land(task, context)
    case 'rebuild':
      return workspace.rebuild(task, context)
    case 'remove':
      return workspace.remove(task, context)
  }
}
