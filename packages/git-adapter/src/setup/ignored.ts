import { joinNul, splitNul } from '../git/nul.js'
import type { Place } from '../git/place.js'
import { git } from '../git/run.js'

/** Those of some paths that git ignores in a worktree, whether they are there or not; that of a directory ends with a slash. */
export async function ignoredAmong(place: Place, paths: readonly Buffer[]): Promise<readonly Buffer[]> {
  if (paths.length === 0) return []
  const command = { args: ['check-ignore', '-z', '--stdin'], input: joinNul(paths), answers: [1] }
  return splitNul((await git(place, command)).stdout)
}
