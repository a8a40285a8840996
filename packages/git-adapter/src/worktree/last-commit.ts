import type { TaskState } from '@coppice/core'
import { join } from 'node:path'
import { readText } from '../files/look.js'
import { resolveOne } from '../git/objects.js'
import type { Place } from '../git/place.js'

/**
 * The commit that HEAD of a worktree was at before its task's branch was deleted below it: HEAD's own log outlives the branch,
 * and where there is none, it is what is known of the branch.
 */
export async function lastCommit(
  place: Place,
  { checkpoint, base }: TaskState,
  gitDir: string,
): Promise<string> {
  const last = (await readText(join(gitDir, 'logs', 'HEAD')))?.trimEnd().split('\n').at(-1)
  const [, logged] = /^[0-9a-f]+ ([0-9a-f]{40,64}) /.exec(last ?? '') ?? []
  const commit = logged === undefined ? null : await resolveOne(place, `${logged}^{commit}`)
  return commit ?? checkpoint?.tip ?? checkpoint?.head ?? base.commit
}
