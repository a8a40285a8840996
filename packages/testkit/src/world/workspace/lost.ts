import type { TaskState } from '@coppice/core'
import { historyOf } from '../../git-model/ancestry.js'
import { secondsOf, type Signature } from '../../git-model/objects.js'
import { branchRef, pinRef } from '../../git-model/refs.js'
import { branchOf } from '../../git-model/worktree.js'
import { isSameFile } from '../../git-model/files.js'
import { ensureBranch } from './branch.js'
import { isMarkedPinned, trashOf } from './discard.js'
import type { HeadPosition } from './head.js'
import { isMarked } from './ownership.js'
import { ENGINE } from './pin.js'
import { makingPath, type SimulatedSite } from './site.js'

/**
 * The git directory that a lost worktree of a task has left, or null where that is gone too. An interrupted rebuild may have
 * left a second one, with the same HEAD, by which its files are known.
 */
export function lostGitDir(site: SimulatedSite, task: TaskState): string | null {
  const found = lostGitDirs(site, task)
  const made = site.repository.directories.get(makingPath(task))?.names
  return found.find((gitDir) => gitDir !== made) ?? found[0] ?? null
}

/** All of git's entries that were made for a task and name its place. */
export function lostGitDirs({ repository }: SimulatedSite, { id, path }: TaskState): readonly string[] {
  const entries = [...repository.entries.values()].filter((entry) => entry.path === path)
  return entries.map(({ gitDir }) => gitDir).filter((gitDir) => isMarked(repository, gitDir, id))
}

/**
 * Where HEAD of a lost worktree was: as its git directory says, else where the newest checkpoint was taken, unless the
 * branch has moved on since. A branch that is gone is made again, from the last commit that is known of it.
 */
export async function lostHead(
  site: SimulatedSite,
  task: TaskState,
  gitDir: string | null,
): Promise<HeadPosition> {
  const { repository } = site
  const { branch, checkpoint } = task
  const said = gitDir === null ? undefined : repository.entries.get(gitDir)?.head
  if (repository.branch(branch) === null) await bringBackBranch(site, task, gitDir)
  const tip = repository.branch(branch)
  if (said !== undefined) {
    const head = repository.commitOf(said)
    const saidBranch = branchOf(said)
    if (head !== null || (saidBranch !== null && saidBranch !== branch)) return { branch: saidBranch, head }
  }
  return checkpoint !== null && checkpoint.tip === tip ? checkpoint : { branch, head: tip }
}

/** Whether a worktree that is gone had commits that its task's newest checkpoint has not. */
export function hasGoneOn(site: SimulatedSite, task: TaskState): boolean {
  const { checkpoint, base, branch, gitDir, path } = task
  const { repository } = site
  if (gitDir === null || repository.directories.has(path)) return false
  const lost = lostGitDir(site, task)
  const said = lost === null ? undefined : repository.entries.get(lost)?.head
  const tip = repository.branch(branch)
  const found = said === undefined ? null : repository.commitOf(said)
  const isBelow = lost !== null && said !== undefined && found === null && branchOf(said) === branch
  const head = isBelow ? lastCommit(site, task, lost) : found
  const isNewTip = tip !== null && tip !== (checkpoint?.tip ?? base.commit)
  return isNewTip || (head !== null && head !== (checkpoint?.head ?? base.commit))
}

async function bringBackBranch(site: SimulatedSite, task: TaskState, gitDir: string | null): Promise<void> {
  const { repository, steps } = site
  const entry = gitDir === null ? undefined : repository.entries.get(gitDir)
  if (entry === undefined || branchOf(entry.head) !== task.branch) {
    await ensureBranch(site, task)
    return
  }
  await steps.step('bring the branch back')
  repository.refs.move(branchRef(task.branch), null, lastCommit(site, task, entry.gitDir))
}

/** The commit that HEAD of a worktree was at before its task's branch was deleted below it. */
export function lastCommit(
  { repository }: SimulatedSite,
  { checkpoint, base }: TaskState,
  gitDir: string,
): string {
  const logged = repository.entries.get(gitDir)?.visited.at(-1)
  return logged ?? checkpoint?.tip ?? checkpoint?.head ?? base.commit
}

/**
 * Pins what the git directory of a lost worktree still holds and nothing else does: a commit that no branch names, those
 * that HEAD was at before, and what was staged since the last checkpoint.
 */
export async function salvage(
  site: SimulatedSite,
  task: TaskState,
  gitDir: string,
  at: string,
): Promise<void> {
  const { repository } = site
  const entry = repository.entries.get(gitDir)
  if (entry === undefined) return
  const head = repository.commitOf(entry.head)
  if (head !== null && head !== task.checkpoint?.head) await keep(site, task, `salvaged/${head}`, head)
  await pinDiscarded(site, task, gitDir, at)
  const tree = repository.objects.writeTree(entry.index)
  if (tree === task.checkpoint?.index) return
  const by: Signature = { ...ENGINE, at }
  const message = 'what was staged when the worktree was lost\n'
  const staged = repository.commit(entry.index, head === null ? [] : [head], message, by)
  await keep(site, task, `salvaged/${staged}`, staged)
}

/** Pins what lies in a task's trash and no checkpoint holds; git's entry of it is gone. */
export async function salvageTrash(site: SimulatedSite, task: TaskState, at: string): Promise<void> {
  const { objects, directories } = site.repository
  const held = objects.files(task.checkpoint?.tree ?? objects.commit(task.base.commit).tree)
  for (const path of trashOf(site, task).filter((each) => !isMarkedPinned(each))) {
    const files = directories.get(path)?.files ?? new Map()
    if ([...files].every(([name, file]) => isSameFile(held.get(name), file))) continue
    const parents = [task.checkpoint?.commit ?? task.base.commit]
    const message = 'what was written while the worktree went\n'
    const commit = site.repository.commit(files, parents, message, { ...ENGINE, at })
    await keep(site, task, `salvaged/${commit}`, commit)
  }
}

/** Pins the commits that HEAD of a worktree was at and that no ref reaches any more; only its reflog knows them. */
export async function pinDiscarded(
  site: SimulatedSite,
  task: TaskState,
  gitDir: string,
  at: string,
): Promise<void> {
  const { repository } = site
  const { objects, refs } = repository
  const visited = repository.entries.get(gitDir)?.visited ?? []
  const known = new Set([task.base.commit, task.checkpoint?.head, task.checkpoint?.tip])
  const unknown = [...new Set(visited.toReversed())].toReversed().filter((commit) => !known.has(commit))
  if (unknown.length === 0) return
  // What the HEAD of any worktree is at counts as reached, as it does for git.
  const heads = [...repository.entries.values()].flatMap(({ head }) => repository.commitOf(head) ?? [])
  const reached = historyOf(objects, ...refs.values(), ...heads)
  const lost = [...historyOf(objects, ...unknown)].filter((commit) => !reached.has(commit))
  const parents = new Set(lost.flatMap((commit) => objects.commit(commit).parents))
  const tips = unknown.filter((commit) => !reached.has(commit) && !parents.has(commit))
  const secondOf = (commit: string): number => secondsOf(objects.commit(commit).committer)
  tips.sort((one, other) => secondOf(other) - secondOf(one))
  if (tips.length === 0) return
  const message = `what was discarded in the worktree of ${task.id}\n`
  const holder = repository.commit(objects.filesAt(task.base.commit), tips, message, { ...ENGINE, at })
  await keep(site, task, `discarded/${holder}`, holder)
}

async function keep(
  { repository, steps }: SimulatedSite,
  { id }: TaskState,
  name: string,
  commit: string,
): Promise<void> {
  await steps.step(`pin what is ${name.slice(0, name.indexOf('/'))}`)
  repository.refs.set(pinRef(id, name), commit)
}
