import type { Checkpoint } from '@coppice/core'
import { expect } from 'vitest'
import { agentRuns } from './tree.js'
import { openWorld, type World } from './world.js'

/** What a process that has seen nothing yet takes of a task's worktree: what the newest checkpoint has to hold. */
export async function seenAnew({ user, log }: World, id: string): Promise<unknown> {
  const { engine } = await openWorld({ user, log })
  return contentIn(await engine.checkpoint(id, undefined))
}

export function contentIn(checkpoint: Checkpoint | null): unknown {
  if (checkpoint === null) return null
  const { head, tip, branch, tree, index, rawIndex, uncaptured } = checkpoint
  return { head, tip, branch, tree, index, rawIndex, uncaptured }
}

/** A task that was just captured, and whose worktree has been at rest since, so that the next capture builds upon that one. */
export async function captured(script = 'echo one > one'): Promise<{ world: World; path: string }> {
  const world = await openWorld()
  const { path } = await world.engine.create({ id: 'fix' })
  agentRuns(world.user, path, script)
  await rested()
  await world.engine.checkpoint('fix', undefined)
  return { world, path }
}

/** Longer than the clock of any file system here needs to go on. */
export async function rested(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 60))
}

export async function expectSeen({ world }: { readonly world: World }): Promise<void> {
  const checkpoint = await world.engine.checkpoint('fix', undefined)
  expect(await seenAnew(world, 'fix')).toEqual(contentIn(checkpoint))
}
