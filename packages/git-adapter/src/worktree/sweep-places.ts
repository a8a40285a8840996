import { join } from 'node:path'
import { namesIn } from '../files/look.js'
import { POOL } from '../pool/spare.js'
import type { Site } from '../site.js'
import { ASIDE } from './aside.js'
import { BESIDE, tidyUp } from './layout.js'

const OURS = new Set([...BESIDE, ASIDE, POOL])

/** Removes the directories of ours beside the worktrees that an engine has emptied and was killed before it removed them. */
export async function sweepPlaces({ worktreesDir }: Site): Promise<void> {
  const names = await namesIn(worktreesDir)
  for (const name of names.filter((each) => OURS.has(each))) await tidyUp(join(worktreesDir, name))
}
