import type { Checkpoint, Landing } from '@coppice/core'
import { isAncestor } from '../git/objects.js'
import type { Place } from '../git/place.js'
import { git } from '../git/run.js'
import { readCommit } from './read-commit.js'

/**
 * Where the merge that was prepared last for a task is, if it is in a branch, and if it has all that the newest
 * checkpoint holds: the task may have gone on after it was rejected. Where that cannot be shown, it counts as not landed.
 *
 * @param isForeign whether a branch is no task's own
 * @param wanted branches of which the first that has it counts as the one that it landed on
 */
export async function pinnedLanding(
  place: Place,
  merge: string,
  checkpoint: Checkpoint,
  isForeign: (branch: string) => boolean,
  wanted: readonly string[],
): Promise<Landing | null> {
  const args = ['for-each-ref', '--format=%(refname)', '--contains', merge, 'refs/heads']
  const lines = (await git(place, { args, answers: [1, 128] })).stdout.toString('utf8').split('\n')
  const branches = lines.map((line) => line.slice('refs/heads/'.length))
  const having = branches.filter((branch) => branch !== '' && isForeign(branch))
  const into = wanted.find((branch) => having.includes(branch)) ?? having[0]
  if (into === undefined) return null
  const found = await readCommit(place, merge)
  const [, merged] = found?.parents ?? []
  const second = merged === undefined ? null : await readCommit(place, merged)
  const isMerge = merged === checkpoint.commit || second?.tree === checkpoint.tree
  const isContained =
    isMerge || found?.tree === checkpoint.tree || (await isAncestor(place, checkpoint.commit, merge))
  return isContained ? { commit: merge, into, strategy: isMerge ? 'merge' : null } : null
}
