import type { TaskState } from '@coppice/core'
import { agentRuns } from './tree.js'
import { openWorld, type World } from './world.js'

export interface Edited {
  readonly world: World
  readonly task: TaskState
}

/** Committed `c`, staged `s`, untracked `u`. */
export const EDITS = 'echo c > c; git add c; git commit -qm c; echo s > s; git add s; echo u > u'

/** A task `fix` in whose worktree an agent has run a script. */
export async function editedTask(script = EDITS): Promise<Edited> {
  const world = await openWorld()
  const task = await world.engine.create({ id: 'fix' })
  agentRuns(world.user, task.path, script)
  return { world, task }
}
