import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { lookAt, readLine } from '../files/look.js'
import { resolveOne } from '../git/objects.js'
import { branchRef, moveRef } from '../git/refs.js'
import { git } from '../git/run.js'
import { checkoutsOf } from '../merge/checkouts.js'
import { adminEntries } from '../repository/admin-entries.js'
import { readHead } from '../repository/head.js'
import { loggedCommits } from '../repository/reflog.js'
import type { Repository } from '../repository/repository.js'
import type { Site } from '../site.js'
import { surveyRefs } from '../survey/refs.js'
import { problemOfId } from '../survey/task-refs.js'
import { markIn } from '../worktree/ownership.js'
import { mendIndex } from './mend-index.js'

/**
 * Puts the branch of each task that has a worktree back to the newest of its commits of which everything is there, and makes
 * an index anew that names what is not. The files stay as they are, so that what is left of the lost commits shows as
 * changes.
 */
export async function mendBranches(site: Site): Promise<void> {
  const refs = await surveyRefs(site.repository.place)
  const failures: unknown[] = []
  for (const { gitDir } of await adminEntries(site.repository)) {
    try {
      await mendEntry(site, gitDir, refs)
    } catch (error) {
      failures.push(error)
    }
  }
  // One that cannot be mended keeps no other from it. Whoever mends it meets the next.
  if (failures.length > 0) throw failures[0]
}

async function mendEntry(site: Site, gitDir: string, refs: Readonly<Record<string, string>>): Promise<void> {
  const { repository, branchPrefix } = site
  const task = await markIn(gitDir)
  if (task === null || problemOfId(task) !== null) return
  // An agent can have HEAD say anything. What is put back is the task's own branch, by the name that it would be given
  // now, where nobody else stands on it; any other is left to a doctor.
  const branch = `${branchPrefix}${task}`
  const checkouts = await checkoutsOf(repository, branch)
  if (checkouts.every((checkout) => checkout.gitDir === gitDir)) {
    await putBranchBack(repository, gitDir, branch, refs[branchRef(branch)] ?? null)
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
  if (tip !== null && (await isWhole(repository, tip))) return
  const { commonDir, place } = repository
  const ref = branchRef(branch)
  const file = join(commonDir, ref)
  const said = (await lookAt(file))?.isFile() === true ? await readLine(file) : null
  // What a symbolic ref names is another branch.
  if (said?.startsWith('ref:') === true) return
  const isEmpty = said === ''
  const commit = await newestWhole(repository, join(commonDir, 'logs', ref))
  // The log of HEAD speaks of other branches, too, and of a branch that has no commit yet and thus no file.
  const isOnIt = (isEmpty || tip !== null) && (await readHead(gitDir))?.branch === branch
  const whole = commit ?? (isOnIt ? await newestWhole(repository, join(gitDir, 'logs', 'HEAD')) : null)
  if (whole === null) return
  if (isEmpty) await rm(file)
  await moveRef(place, ref, isEmpty ? await resolveOne(place, ref) : tip, whole, LOST)
}

async function newestWhole(repository: Repository, log: string): Promise<string | null> {
  for (const commit of (await loggedCommits(repository.place, log)).toReversed()) {
    if (await isWhole(repository, commit)) return commit
  }
  return null
}

/** Whether all that a commit reaches is there, or is promised by the remote of a partial clone. */
async function isWhole({ place }: Repository, commit: string): Promise<boolean> {
  const args = ['rev-list', '--objects', '--no-object-names', '--missing=allow-promisor', '--quiet', commit]
  return (await git(place, { args, answers: [1, 128] })).exitCode === 0
}
