import {
  isFinished,
  type EntrySight,
  type Oddity,
  type Remnant,
  type Remnants,
  type TaskState,
} from '@coppice/core'
import { join } from 'node:path'
import { branchRef } from '../git/refs.js'
import { siteOf, type GitWorkspaceOptions } from '../site-of.js'
import type { Site } from '../site.js'
import { entrySights } from './entries.js'
import { surveyLeftovers } from './leftovers.js'
import { besideOf, ownWorktree, type OwnWorktree } from './own-worktree.js'
import { surveyRefs } from './refs.js'
import { remnantOf, type Holdings } from './remnant-of.js'
import { problemOfId, taskRefs } from './task-refs.js'

/**
 * Reads what git holds of tasks without asking any log: pins, branches, worktrees with their entries. Changes nothing.
 *
 * @param known what is remembered of tasks, by id; the branch of a live one is its own even where nothing is pinned
 */
export async function surveyRemnants(
  options: GitWorkspaceOptions,
  known: ReadonlyMap<string, TaskState>,
): Promise<Remnants> {
  const site = await siteOf(options)
  const { place } = site.repository
  const [entries, refs] = await Promise.all([entrySights(site), surveyRefs(place)])
  const { byTask, odd } = await taskRefs(place, refs)
  const { worktrees, begun, odd: oddEntries } = await sorted(site, entries)
  for (const { kind, task } of await surveyLeftovers(site, [])) {
    if (kind === 'making' && task !== null) begun.add(task)
  }
  const branchOf = (id: string): string => known.get(id)?.branch ?? `${site.branchPrefix}${id}`
  const unfinished = [...known.values()].filter(({ status }) => !isFinished(status)).map(({ id }) => id)
  const withBranch = [...unfinished, ...begun].filter((id) => refs[branchRef(branchOf(id))] !== undefined)
  const ids = [...new Set([...byTask.keys(), ...worktrees.keys(), ...withBranch])].toSorted()
  const own = new Set(ids.map((id) => branchOf(id)))
  const holdings: Holdings = { refs, byTask, worktrees, begun, known, branchOf, own }
  const tasks: Remnant[] = []
  for (const id of ids) tasks.push(await remnantOf(site, id, holdings))
  return { tasks, odd: [...odd, ...oddEntries, ...unproven(refs, branchRef(site.branchPrefix), own)] }
}

interface Sorted {
  readonly worktrees: ReadonlyMap<string, OwnWorktree>
  readonly begun: Set<string>
  readonly odd: readonly Oddity[]
}

/** Whose git's entries are. Of two that bear one task's mark the one counts whose worktree is whole. */
async function sorted(site: Site, entries: readonly EntrySight[]): Promise<Sorted> {
  const worktrees = new Map<string, OwnWorktree>()
  const begun = new Set<string>()
  const odd: Oddity[] = []
  for (const entry of entries) {
    const { task, marked, gitDir } = entry
    if (task === null) continue
    const problem = problemOfId(task)
    if (problem !== null) {
      odd.push({ subject: join(gitDir, 'coppice-task'), why: problem })
      continue
    }
    const beside = await besideOf(entry, site.worktreesDir)
    if (beside === 'making') begun.add(task)
    if (beside === null && marked) {
      const found = await ownWorktree(entry, task, site.worktreesDir)
      if ('why' in found) odd.push(found)
      else if (worktrees.get(task)?.standing !== 'whole') worktrees.set(task, found)
    }
  }
  return { worktrees, begun, odd }
}

/** Branches that have such a name, and of which nothing shows that they were made for a task. */
function unproven(
  refs: Readonly<Record<string, string>>,
  prefix: string,
  own: ReadonlySet<string>,
): Oddity[] {
  const why = 'it is named like one of ours, and nothing shows that it is; it stays as it is'
  return Object.keys(refs)
    .filter((ref) => ref.startsWith(prefix) && !own.has(ref.slice('refs/heads/'.length)))
    .map((subject) => ({ subject, why }))
}
