import { nextEffect } from '../effects/next-effect.js'
import type { TaskState } from '../task/state.js'
import { discrepancies } from './discrepancies.js'
import { eachOf } from './each-of.js'
import { existing } from './execute.js'
import { taskLockOf } from './lock-names.js'
import type { EnginePorts } from './ports.js'
import type { Projection } from './projection.js'
import type { Settler } from './settler.js'

/** Tasks that are caught up with at the same time when a log is opened. */
const RECOVERY_CONCURRENCY = 4

/**
 * Settles every task that owes something or of which the world has lost something, as long as nobody alive is at it.
 * What cannot be done now is told to the listeners as a problem, and stays owed. So does what is cut short: aborting
 * a recovery cancels nobody's merge.
 */
export async function recover(
  ports: EnginePorts,
  projection: Projection,
  settler: Settler,
  signal?: AbortSignal,
): Promise<void> {
  await projection.refresh()
  await ports.workspace.tidy()
  await eachOf(projection.live(), RECOVERY_CONCURRENCY, async (task) => {
    signal?.throwIfAborted()
    try {
      if (await isSettled(ports, task)) return
      await settleIfFree(ports, projection, settler, task.id, signal)
    } catch (error) {
      signal?.throwIfAborted()
      await settler.report(task.id, error)
    }
  })
}

async function isSettled(ports: EnginePorts, task: TaskState): Promise<boolean> {
  return nextEffect(task) === null && (await discrepancies(ports, task)).length === 0
}

/** Whoever holds a task's lock is alive, and does what is owed itself. */
async function settleIfFree(
  ports: EnginePorts,
  projection: Projection,
  settler: Settler,
  id: string,
  signal?: AbortSignal,
): Promise<void> {
  const lock = await ports.locks.tryAcquire(taskLockOf(id))
  if (lock === null) return
  try {
    await projection.refresh()
    await settler.settle(await existing(projection, id), { signal, isRequested: false })
  } finally {
    await lock.release()
  }
}
