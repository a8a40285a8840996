import type { Stage } from './stage.js'

/** Whether a branch, or a ref of a task's, reaches a commit. */
export async function isHeld(stage: Stage, commit: string): Promise<boolean> {
  const seen = new Set(Object.values(await stage.world.refs()))
  // A set's iteration comes to what is added on the way, too.
  for (const each of seen) {
    if (each === commit) return true
    for (const parent of await stage.world.parentsOf(each)) seen.add(parent)
  }
  return false
}
