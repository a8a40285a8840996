import type { TaskState } from '@coppice/core'
import { captureOperation, holdOperation } from '../capture/operation-files.js'
import { isThere } from '../files/look.js'
import { commitTree, resolve, resolveOne } from '../git/objects.js'
import { branchRef, moveRef, pinRef, setRef } from '../git/refs.js'
import { syncFileSystems } from '../git/sync.js'
import { adminEntries, pointedGitDir } from '../repository/admin-entries.js'
import { readHead } from '../repository/head.js'
import { ENGINE } from '../repository/identity.js'
import type { Site } from '../site.js'
import { ensureBranch } from './branch.js'
import type { HeadPosition } from './head.js'
import { lastCommit } from './last-commit.js'
import { makingPath } from './layout.js'
import { isMarked } from './ownership.js'
import { pinDiscarded } from './pin-discarded.js'
import { salvageIndex } from './salvage-index.js'

/**
 * The git directory that a lost worktree of a task has left, or null where that is gone too. An interrupted rebuild may have
 * left a second one, with the same HEAD, by which its files are known.
 */
export async function lostGitDir(site: Site, task: TaskState): Promise<string | null> {
  const found = await lostGitDirs(site, task)
  const made = await pointedGitDir(makingPath(task))
  return found.find((gitDir) => gitDir !== made) ?? found[0] ?? null
}

/** All of git's entries that were made for a task and name its place. */
export async function lostGitDirs(site: Site, task: TaskState): Promise<readonly string[]> {
  const found: string[] = []
  for (const { path, gitDir } of await adminEntries(site.repository)) {
    if (path === task.path && (await isMarked(gitDir, task.id))) found.push(gitDir)
  }
  return found
}

/**
 * Where HEAD of a lost worktree was: as its git directory says, else where the newest checkpoint was taken, unless
 * the branch has moved on since. A branch that is gone is made again, from the last commit that is known of it.
 */
export async function lostHead(site: Site, task: TaskState, gitDir: string | null): Promise<HeadPosition> {
  const { place } = site.repository
  const { branch, checkpoint } = task
  const said = gitDir === null ? null : await readHead(gitDir)
  if ((await resolveOne(place, branchRef(branch))) === null) await bringBackBranch(site, task, gitDir)
  const revision = said?.revision ?? branchRef(branch)
  const [head = null, tip = null] = await resolve(place, [`${revision}^{commit}`, branchRef(branch)])
  const unborn = said !== null && said.branch !== null && said.branch !== branch
  if (said !== null && (head !== null || unborn)) return { branch: said.branch, head }
  return checkpoint !== null && checkpoint.tip === tip ? checkpoint : { branch, head: tip }
}

/** Whether a worktree that is gone had commits that its task's newest checkpoint has not. */
export async function hasGoneOn(site: Site, task: TaskState): Promise<boolean> {
  const { checkpoint, base, branch, gitDir, path } = task
  if (gitDir === null || (await isThere(path))) return false
  const lost = await lostGitDir(site, task)
  const said = lost === null ? null : await readHead(lost)
  const revisions = [branchRef(branch), `${said?.revision ?? branchRef(branch)}^{commit}`]
  const [tip = null, found = null] = await resolve(site.repository.place, revisions)
  const isBelow = lost !== null && found === null && said?.branch === branch
  const head = isBelow ? await lastCommit(site.repository.place, task, lost) : found
  const isNewTip = tip !== null && tip !== (checkpoint?.tip ?? base.commit)
  return isNewTip || (said !== null && head !== null && head !== (checkpoint?.head ?? base.commit))
}

async function bringBackBranch({ repository }: Site, task: TaskState, gitDir: string | null): Promise<void> {
  if (gitDir === null || (await readHead(gitDir))?.branch !== task.branch) {
    await ensureBranch(repository, task)
    return
  }
  const last = await lastCommit(repository.place, task, gitDir)
  await moveRef(repository.place, branchRef(task.branch), null, last, 'coppice: the branch was gone')
}

/**
 * Pins what the git directory of a lost worktree still holds and nothing else does: a commit that no branch names, those
 * that HEAD was at before, what git was in the middle of, and what was staged since the last checkpoint. The files are gone with the directory.
 */
export async function salvage(site: Site, task: TaskState, gitDir: string, at: string): Promise<void> {
  const { repository } = site
  const pin = async (commit: string): Promise<void> => {
    await syncFileSystems(repository.commonDir)
    await setRef(repository.place, pinRef(task.id, `salvaged/${commit}`), commit, 'coppice: salvage')
  }
  const said = await readHead(gitDir)
  const head = said === null ? null : await resolveOne(repository.place, `${said.revision}^{commit}`)
  if (head !== null && head !== task.checkpoint?.head) await pin(head)
  await pinDiscarded(repository, task, gitDir, at)
  const by = { ...ENGINE, at }
  const operation = await captureOperation(site, task, gitDir)
  if (operation !== null && operation !== task.checkpoint?.operation) {
    await pin(await holdOperation(repository.place, { tree: operation, head, gitDir, by }))
  }
  const tree = await salvageIndex(site, task, gitDir)
  if (tree === null) return
  const message = 'what was staged when the worktree was lost\n'
  const parents = head === null ? [] : [head]
  await pin(await commitTree(repository.place, { tree, parents, message, author: by, committer: by }))
}
