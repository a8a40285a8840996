import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { lookAt, readLine } from '../files/look.js'
import { isWhole, resolveOne } from '../git/objects.js'
import { branchRef, moveRef } from '../git/refs.js'
import { checkoutsOf } from '../merge/checkouts.js'
import { adminEntries } from '../repository/admin-entries.js'
import { readHead } from '../repository/head.js'
import { loggedCommits } from '../repository/reflog.js'
import type { Repository } from '../repository/repository.js'
import type { Site } from '../site.js'
import { surveyRefs } from '../survey/refs.js'
import { problemOfId } from '../survey/task-refs.js'
import { branchIn, markIn } from '../worktree/ownership.js'
import { isTornIndex, mendIndex } from './mend-index.js'

/**
 * Puts the branch of each task that has a worktree back to the newest of its commits of which everything is there, and makes
 * an index anew that names what is not. The files stay as they are, so that what is left of the lost commits shows as
 * changes.
 *
 * @param isLossKnown whether objects are known to be lost: then all that each of them reaches is looked for, which takes as
 *   long as its history is; else only where files show that something was lost
 */
export async function mendBranches(site: Site, isLossKnown: boolean): Promise<void> {
  const failures: unknown[] = []
  let refs: Readonly<Record<string, string>> | null = null
  for (const { gitDir } of await adminEntries(site.repository)) {
    try {
      const branch = await ownBranchOf(site, gitDir)
      if (branch === null || !(isLossKnown || (await isHit(site.repository, gitDir, branch)))) continue
      refs ??= await surveyRefs(site.repository.place)
      await mendEntry(site, gitDir, branch, refs[branchRef(branch)] ?? null)
    } catch (error) {
      failures.push(error)
    }
  }
  // One that cannot be mended keeps no other from it. Whoever mends it meets the next.
  if (failures.length > 0) throw failures[0]
}

/**
 * The branch of the task that an entry was made for, or null where it was made for none. An agent can have HEAD say anything;
 * what counts is the name that the branch was given, or would be given now.
 */
async function ownBranchOf({ branchPrefix }: Site, gitDir: string): Promise<string | null> {
  const task = await markIn(gitDir)
  if (task === null || problemOfId(task) !== null) return null
  return (await branchIn(gitDir, task)) ?? `${branchPrefix}${task}`
}

/** Whether a power cut has emptied a branch or torn an index, as far as files tell. Starts no git. */
async function isHit({ commonDir }: Repository, gitDir: string, branch: string): Promise<boolean> {
  return (await said(commonDir, branch)) === '' || isTornIndex(gitDir)
}

/** What the file of a branch says, if it has one. */
async function said(commonDir: string, branch: string): Promise<string | null> {
  const file = join(commonDir, branchRef(branch))
  return (await lookAt(file))?.isFile() === true ? readLine(file) : null
}

/** A branch is put back where nobody else stands on it; any other is left to a doctor. */
async function mendEntry(site: Site, gitDir: string, branch: string, tip: string | null): Promise<void> {
  const { repository } = site
  if (tip === null || !(await isWhole(repository.place, tip))) {
    const checkouts = await checkoutsOf(repository, branch)
    const isAlone = checkouts.every((checkout) => checkout.gitDir === gitDir)
    if (isAlone) await putBranchBack(repository, gitDir, branch, tip)
  }
  await mendIndex(site, gitDir)
}

const LOST = 'coppice: what was on it is lost since a power cut'

async function putBranchBack(
  repository: Repository,
  gitDir: string,
  branch: string,
  tip: string | null,
): Promise<void> {
  const { commonDir, place } = repository
  const ref = branchRef(branch)
  const text = await said(commonDir, branch)
  // What a symbolic ref names is another branch.
  if (text?.startsWith('ref:') === true) return
  const isEmpty = text === ''
  const commit = await newestWhole(repository, join(commonDir, 'logs', ref))
  const isOnIt = (await readHead(gitDir))?.branch === branch
  // The log of HEAD speaks of other branches, too, and of a branch that has no commit yet and thus no file.
  const isTold = isOnIt && (isEmpty || tip !== null)
  const whole = commit ?? (isTold ? await newestWhole(repository, join(gitDir, 'logs', 'HEAD')) : null)
  if (whole === null) return
  if (isEmpty) await rm(join(commonDir, ref))
  // In the worktree git tells it to the log of HEAD as well, by which a doctor knows where the branch was left.
  const from = isEmpty ? await resolveOne(place, ref) : tip
  const at = isOnIt ? { ...place, variables: { GIT_DIR: gitDir } } : place
  await moveRef(at, ref, from, whole, LOST)
}

async function newestWhole(repository: Repository, log: string): Promise<string | null> {
  for (const commit of (await loggedCommits(repository.place, log)).toReversed()) {
    if (await isWhole(repository.place, commit)) return commit
  }
  return null
}
