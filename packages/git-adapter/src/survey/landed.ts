import { isFinished, type TaskState } from '@coppice/core'
import type { Place } from '../git/place.js'
import { branchRef, pinRef } from '../git/refs.js'
import { git } from '../git/run.js'

type Refs = Readonly<Record<string, string>>

/** A task that has landed, with the commit and the branch. */
interface Landed {
  readonly id: string
  readonly commit: string
  readonly into: string
}

/**
 * Those tasks, by id, whose landed commit is where it belongs: in its branch still; in one of a person's, who may have merged
 * the branch and deleted it; or among the pins of the task whose branch it was, which went when that task was done. One
 * process for each branch that something landed on, for a repository may have many tasks that are done.
 *
 * @param commits those of the landed commits that exist
 */
export async function surveyLanded(
  repository: Place,
  tasks: readonly TaskState[],
  refs: Refs,
  commits: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const all = tasks.flatMap(({ id, landing }) => {
    return landing !== null && commits.has(landing.commit) ? [{ id, ...landing }] : []
  })
  const missing: Landed[] = []
  for (const group of groupsOf(all)) {
    const target = refs[branchRef(group[0].into)]
    missing.push(...(await notIn(repository, group, target === undefined ? [] : [target])))
  }
  const lost: Landed[] = []
  for (const group of groupsOf(await notIn(repository, missing, branchesOfPersons(tasks, refs)))) {
    lost.push(...(await notIn(repository, group, pinsBehind(group[0].into, tasks, refs))))
  }
  const unseen = new Set(lost.map(({ id }) => id))
  return new Set(all.map(({ id }) => id).filter((id) => !unseen.has(id)))
}

/** By the branch that they landed on. */
function groupsOf(landed: readonly Landed[]): readonly (readonly [Landed, ...Landed[]])[] {
  const groups = new Map<string, [Landed, ...Landed[]]>()
  for (const each of landed) {
    const group = groups.get(each.into)
    if (group === undefined) groups.set(each.into, [each])
    else group.push(each)
  }
  return [...groups.values()]
}

function branchesOfPersons(tasks: readonly TaskState[], refs: Refs): readonly string[] {
  const own = new Set(tasks.map(({ branch }) => branchRef(branch)))
  return Object.entries(refs).flatMap(([ref, tip]) => {
    return ref.startsWith(branchRef('')) && !own.has(ref) ? [tip] : []
  })
}

/** What is pinned of the task that a branch was taken away with. */
function pinsBehind(branch: string, tasks: readonly TaskState[], refs: Refs): readonly string[] {
  if (refs[branchRef(branch)] !== undefined) return []
  const owners = tasks.filter((task) => task.branch === branch && isFinished(task.status))
  return owners.flatMap(({ id }) => {
    return Object.entries(refs).flatMap(([ref, pinned]) => (ref.startsWith(pinRef(id, '')) ? [pinned] : []))
  })
}

/** Those whose commit none of some tips reaches. */
async function notIn<L extends Landed>(
  repository: Place,
  landed: readonly L[],
  tips: readonly string[],
): Promise<readonly L[]> {
  if (landed.length === 0 || tips.length === 0) return landed
  const lines = [...landed.map(({ commit }) => commit), ...new Set(tips.map((tip) => `^${tip}`))]
  // A branch whose commit is gone is told of apart.
  const args = ['rev-list', '--ignore-missing', '--stdin']
  const { stdout } = await git(repository, { args, input: `${lines.join('\n')}\n` })
  const outside = new Set(stdout.toString('utf8').split('\n'))
  return landed.filter(({ commit }) => outside.has(commit))
}
