import type { Checkpoint, HeldCommit, Remnant, TaskState } from '@coppice/core'
import { join } from 'node:path'
import { resolve, resolveOne } from '../git/objects.js'
import type { Place } from '../git/place.js'
import { branchRef, pinRef } from '../git/refs.js'
import { git } from '../git/run.js'
import { readHead } from '../repository/head.js'
import type { Site } from '../site.js'
import type { OwnWorktree } from './own-worktree.js'
import { pinnedCheckpoint } from './pinned-checkpoint.js'
import { pinnedLanding } from './pinned-landing.js'
import { readCommit } from './read-commit.js'
import type { TaskRefs } from './task-refs.js'

/** What was read of the whole repository. */
export interface Holdings {
  readonly refs: Readonly<Record<string, string>>
  readonly byTask: ReadonlyMap<string, TaskRefs>
  readonly worktrees: ReadonlyMap<string, OwnWorktree>
  /** Tasks of which a worktree was begun. */
  readonly begun: ReadonlySet<string>
  readonly known: ReadonlyMap<string, TaskState>
  readonly branchOf: (id: string) => string
  /** All tasks' own branches, short. */
  readonly own: ReadonlySet<string>
}

const NO_REFS: TaskRefs = { pins: {}, newest: null, nextNumber: 1 }

/** Branches that a task's base is looked for in. Where there are more, it may be found to be an earlier one. */
const MAX_BRANCHES = 1_000

/** All that git holds of one task. */
export async function remnantOf(site: Site, id: string, holdings: Holdings): Promise<Remnant> {
  const { place } = site.repository
  const { refs, byTask, worktrees, begun, known } = holdings
  const { pins, newest, nextNumber } = byTask.get(id) ?? NO_REFS
  const memory = known.get(id)
  const worktree = worktrees.get(id) ?? null
  const branch = branchIn(holdings, id, worktree)
  const tip = await heldCommit(place, refs[branchRef(branch)])
  const remembered = memory?.checkpoint?.commit === newest?.commit ? memory?.checkpoint : null
  const checkpoint = remembered ?? (newest && (await pinnedCheckpoint(place, newest, branch)))
  const spare = checkpoint === null ? await newestOf(place, Object.values(pins)) : null
  const from =
    tip?.commit ?? checkpoint?.head ?? spare?.commit ?? worktree?.entry.commit ?? worktree?.entry.lastCommit
  return {
    id,
    branch,
    tip,
    path: worktree?.path ?? memory?.path ?? join(site.worktreesDir, id),
    worktree: worktree && { gitDir: worktree.gitDir, standing: worktree.standing },
    isBegun: begun.has(id),
    pins,
    checkpoint,
    spare,
    nextNumber,
    base: await baseOf(place, holdings, memory, from ?? null),
    landing: worktree === null ? await landingOf(site, id, holdings, checkpoint) : null,
  }
}

/** As was remembered; else as it would be named now; else the one that its worktree is on, if it ends in the id. */
function branchIn({ refs, branchOf }: Holdings, id: string, worktree: OwnWorktree | null): string {
  const usual = branchOf(id)
  const actual = worktree?.entry.branch ?? null
  const isTaken = refs[branchRef(usual)] !== undefined
  return !isTaken && actual !== null && actual.endsWith(id) ? actual : usual
}

async function heldCommit(place: Place, oid: string | undefined): Promise<HeldCommit | null> {
  if (oid === undefined) return null
  const [commit = null, tree = null] = await resolve(place, [`${oid}^{commit}`, `${oid}^{tree}`])
  return commit === null || tree === null ? null : { commit, tree }
}

async function newestOf(place: Place, commits: readonly string[]): Promise<HeldCommit | null> {
  let newest: (HeldCommit & { readonly time: number }) | null = null
  for (const commit of commits) {
    const found = await readCommit(place, commit)
    if (found !== null && found.time >= (newest?.time ?? 0))
      newest = { commit, tree: found.tree, time: found.time }
  }
  return newest && { commit: newest.commit, tree: newest.tree }
}

async function baseOf(
  place: Place,
  { refs, own }: Holdings,
  memory: TaskState | undefined,
  from: string | null,
): Promise<string | null> {
  const remembered = memory && (await resolveOne(place, `${memory.base.commit}^{commit}`))
  if (remembered != null || from === null) return remembered ?? from
  const others = Object.entries(refs).filter(
    ([ref]) => ref.startsWith('refs/heads/') && !own.has(ref.slice('refs/heads/'.length)),
  )
  const commits = [...new Set(others.map(([, commit]) => commit))].slice(0, MAX_BRANCHES)
  if (commits.length === 0) return from
  const args = ['merge-base', from, ...commits]
  const { exitCode, stdout } = await git(place, { args, answers: [1, 128] })
  return exitCode === 0 ? (stdout.toString('utf8').split('\n')[0] ?? from) : from
}

async function landingOf(
  { repository }: Site,
  id: string,
  { byTask, known, own }: Holdings,
  checkpoint: Checkpoint | null,
): Promise<Remnant['landing']> {
  const merge = byTask.get(id)?.pins[pinRef(id, 'merge')]
  if (merge === undefined || checkpoint === null) return null
  const current = (await readHead(repository.commonDir))?.branch ?? null
  const wanted = [known.get(id)?.into ?? null, current].filter((branch) => branch !== null)
  return pinnedLanding(repository.place, merge, checkpoint, (branch) => !own.has(branch), wanted)
}
