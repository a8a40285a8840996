import type { CheckpointOutcome, EffectContext, TaskState } from '@coppice/core'
import { capture, type Capture } from './capture.js'
import { isPinned, pin } from './pin.js'
import type { SimulatedSite } from './site.js'

/** Pins all content of a worktree, unless the newest checkpoint holds it already. */
export async function takeCheckpoint(
  site: SimulatedSite,
  task: TaskState,
  message: string | null,
  { at }: EffectContext,
): Promise<CheckpointOutcome> {
  if (!site.repository.directories.has(task.path)) return { kind: 'missing' }
  const content = await capture(site, task)
  if (isPinned(task, content) || isAsMade(task, content)) return { kind: 'unchanged' }
  const request = { task, message: message ?? `checkpoint of ${task.id}`, at }
  return { kind: 'pinned', checkpoint: await pin(site, content, request) }
}

/** Whether a worktree of which there is no checkpoint yet is what a new one of its task would be. */
function isAsMade({ checkpoint, branch, base }: TaskState, content: Capture): boolean {
  return (
    checkpoint === null &&
    content.head === base.commit &&
    content.tip === base.commit &&
    content.branch === branch &&
    content.tree === content.headTree &&
    content.index === content.headTree
  )
}
