import { existing } from './execute.js'
import { taskLockOf } from './lock-names.js'
import type { EnginePorts } from './ports.js'
import type { Projection } from './projection.js'
import type { Settler } from './settler.js'
import { takeCheckpoint } from './take-checkpoint.js'

/**
 * Takes a checkpoint of every active task, one after the other, so that it disturbs nobody; what has not changed is
 * passed over, and so is a task at which somebody is. What cannot be pinned is told to the listeners as a problem.
 */
export async function checkpointActive(
  ports: EnginePorts,
  projection: Projection,
  settler: Settler,
  signal: AbortSignal,
): Promise<void> {
  await projection.refresh()
  for (const { id } of projection.list(['active'])) {
    if (signal.aborted) return
    try {
      await checkpointIfFree(ports, projection, settler, id, signal)
    } catch (error) {
      if (signal.aborted) return
      await settler.report(id, error)
    }
  }
}

async function checkpointIfFree(
  ports: EnginePorts,
  projection: Projection,
  settler: Settler,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  const lock = await ports.locks.tryAcquire(taskLockOf(id))
  if (lock === null) return
  try {
    await projection.refresh()
    const task = await existing(projection, id)
    if (task.status === 'active') {
      await takeCheckpoint(ports, settler, task, null, { signal, isRequested: false })
    }
  } finally {
    await lock.release()
  }
}
