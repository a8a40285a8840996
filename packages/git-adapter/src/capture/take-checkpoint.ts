import type { CheckpointOutcome, EffectContext, TaskState } from '@coppice/core'
import { isThere } from '../files/look.js'
import type { Site } from '../site.js'
import { capture, type Capture } from './capture.js'
import { isPinned, pin } from './pin.js'

/** Pins all content of a worktree, unless the newest checkpoint holds it already. */
export async function takeCheckpoint(
  site: Site,
  task: TaskState,
  message: string | null,
  { at, signal, round }: EffectContext,
): Promise<CheckpointOutcome> {
  if (!(await isThere(task.path))) return { kind: 'missing' }
  const content = await capture(site, task, signal)
  const isHeld = isPinned(task, content) || isAsMade(task, content)
  const request = { task, message: message ?? `checkpoint of ${task.id}`, at }
  const checkpoint = isHeld ? null : await pin(site.repository.place, content, request)
  site.looks?.keep(task.id, content, round)
  return checkpoint === null ? { kind: 'unchanged' } : { kind: 'pinned', checkpoint }
}

/** Whether a worktree of which there is no checkpoint yet is what a new one of its task would be. */
export function isAsMade({ checkpoint, branch, base }: TaskState, content: Capture): boolean {
  return (
    checkpoint === null &&
    content.head === base.commit &&
    content.tip === base.commit &&
    content.branch === branch &&
    content.tree === content.headTree &&
    content.index === content.headTree &&
    content.rawIndex === null &&
    content.carried === null &&
    content.operation === null &&
    content.uncaptured.length === 0
  )
}
