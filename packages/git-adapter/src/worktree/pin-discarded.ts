import { join } from 'node:path'
import type { TaskState } from '@coppice/core'
import { commitTree } from '../git/objects.js'
import type { Place } from '../git/place.js'
import { pinRef, setRef } from '../git/refs.js'
import { git } from '../git/run.js'
import { syncFileSystems } from '../git/sync.js'
import { ENGINE } from '../repository/identity.js'
import { commitsOfOperation } from '../repository/operation.js'
import { commitsOfOwnRefs } from '../repository/own-refs.js'
import { loggedCommits } from '../repository/reflog.js'
import type { Repository } from '../repository/repository.js'

/**
 * Pins the commits that HEAD of a worktree was at and that no ref reaches any more, because they were amended, rebased or
 * reset away, those of a merge or a rebase that is under way, and those of refs of its own. Only git's entry of the worktree knows them.
 */
export async function pinDiscarded(
  { place, commonDir }: Repository,
  task: TaskState,
  gitDir: string,
  at: string,
): Promise<void> {
  const known = new Set([task.base.commit, task.checkpoint?.head, task.checkpoint?.tip])
  const logged = await loggedCommits(place, join(gitDir, 'logs', 'HEAD'))
  const remembered = await commitsOfOperation(place, gitDir)
  const named = await commitsOfOwnRefs(place, gitDir)
  const visited = [...new Set([...logged, ...remembered, ...named])].filter((commit) => !known.has(commit))
  const tips = visited.length === 0 ? [] : await unreachable(place, task.base.commit, visited)
  if (tips.length === 0) return
  await syncFileSystems(commonDir)
  const signature = { ...ENGINE, at }
  const message = `what was discarded in the worktree of ${task.id}\n`
  const tree = `${task.base.commit}^{tree}`
  const by = { author: signature, committer: signature }
  const holder = await holderOf(tips, (parents) => commitTree(place, { tree, parents, message, ...by }))
  await setRef(place, pinRef(task.id, `discarded/${holder}`), holder, 'coppice: before the worktree goes')
}

/** Parents that a commit is made with, because a command line has an end. */
const MAX_PARENTS = 1_000

/** One commit that reaches some others, by commits between where they are many. */
async function holderOf(
  tips: readonly string[],
  commit: (parents: readonly string[]) => Promise<string>,
): Promise<string> {
  if (tips.length <= MAX_PARENTS) return commit(tips)
  const between: string[] = []
  for (let at = 0; at < tips.length; at += MAX_PARENTS) {
    between.push(await commit(tips.slice(at, at + MAX_PARENTS)))
  }
  return holderOf(between, commit)
}

/** The newest of some commits that no ref reaches: one for each line of them. */
async function unreachable(
  place: Place,
  base: string,
  commits: readonly string[],
): Promise<readonly string[]> {
  const args = ['rev-list', '--stdin', '--parents', '--not', '--all']
  const { exitCode, stdout } = await git(place, { args, input: `${commits.join('\n')}\n`, answers: [128] })
  if (exitCode !== 0) return wholeOnes(place, base, commits)
  const lines = stdout
    .toString('latin1')
    .split('\n')
    .filter((line) => line !== '')
  const families = lines.map((line) => line.split(' '))
  const parents = new Set(families.flatMap((family) => family.slice(1)))
  return families.flatMap(([commit = '']) => (parents.has(commit) ? [] : [commit]))
}

/**
 * Where objects are missing, git walks through nothing at all. Then each commit counts of which everything is there since the
 * base; a pin of any other would keep git from collecting garbage.
 */
async function wholeOnes(place: Place, base: string, commits: readonly string[]): Promise<readonly string[]> {
  const whole: string[] = []
  for (const commit of commits) {
    const args = ['rev-list', '--objects', '--missing=allow-promisor', '--quiet', commit, '--not', base]
    if ((await git(place, { args, answers: [1, 128] })).exitCode === 0) whole.push(commit)
  }
  return whole
}
