import type { TaskState } from '@coppice/core'
import type { Place } from '../git/place.js'
import { branchRef } from '../git/refs.js'
import { git } from '../git/run.js'

/**
 * Those tasks, by id, whose landed commit is in its branch still. One process for each branch that something landed on,
 * for a repository may have many tasks that are done.
 *
 * @param commits those of the landed commits that exist
 */
export async function surveyLanded(
  repository: Place,
  tasks: readonly TaskState[],
  refs: Readonly<Record<string, string>>,
  commits: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const byTarget = new Map<string, { readonly id: string; readonly commit: string }[]>()
  for (const { id, landing } of tasks) {
    const target = landing === null ? undefined : refs[branchRef(landing.into)]
    if (landing === null || target === undefined || !commits.has(landing.commit)) continue
    const group = byTarget.get(target) ?? []
    group.push({ id, commit: landing.commit })
    byTarget.set(target, group)
  }
  const landed = new Set<string>()
  for (const [target, group] of byTarget) {
    const missing = await notIn(
      repository,
      target,
      group.map(({ commit }) => commit),
    )
    for (const { id, commit } of group) if (!missing.has(commit)) landed.add(id)
  }
  return landed
}

/** What some commits reach, themselves included, and another one does not. */
async function notIn(
  repository: Place,
  target: string,
  commits: readonly string[],
): Promise<ReadonlySet<string>> {
  const input = `${[...commits, `^${target}`].join('\n')}\n`
  const { stdout } = await git(repository, { args: ['rev-list', '--stdin'], input })
  return new Set(stdout.toString('utf8').split('\n'))
}
