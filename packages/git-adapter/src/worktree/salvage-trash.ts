import type { TaskState } from '@coppice/core'
import { captureAll } from '../capture/capture.js'
import { withIndexFile } from '../capture/index-slot.js'
import { CARRIED_MESSAGE } from '../capture/pin.js'
import { commitTree } from '../git/objects.js'
import { pinRef, setRef } from '../git/refs.js'
import { git } from '../git/run.js'
import { syncFileSystems } from '../git/sync.js'
import { ENGINE } from '../repository/identity.js'
import { privateGit } from '../repository/private-git.js'
import type { Site } from '../site.js'
import { isMarkedPinned, markPinned, trashOf } from './layout.js'

/**
 * Pins what lies in a task's trash, was not found to be pinned, and is held by no checkpoint; it is marked then. Git's entry of it is gone, which
 * somebody has deleted meanwhile.
 *
 * @returns the paths that nothing can pin
 */
export async function salvageTrash(site: Site, task: TaskState, at: string): Promise<readonly string[]> {
  const left: string[] = []
  for (const path of (await trashOf(site.repository, task)).filter((each) => !isMarkedPinned(each))) {
    const { tree, carried, uncaptured } = await filesIn(site, task, path)
    left.push(...uncaptured)
    if (uncaptured.length > 0) continue
    const isKnown = (await isHeld(site, task, tree)) && (await isCarriedHeld(site, task, carried))
    if (!isKnown) await pin(site, task, tree, carried, at)
    await markPinned(path)
  }
  return left
}

async function filesIn(site: Site, task: TaskState, workTree: string): ReturnType<typeof captureAll> {
  const raw = await privateGit(site, 'raw')
  const oidLength = task.base.commit.length / 2
  return withIndexFile(site, (indexFile) =>
    captureAll({
      place: { ...raw, workTree, indexFile },
      task: task.id,
      oidLength,
      entries: [],
      staged: null,
    }),
  )
}

/** Whether the newest checkpoint has every file of a tree as it is there; it may have more. */
function isHeld(site: Site, { checkpoint, base }: TaskState, tree: string): Promise<boolean> {
  return hasAllOf(site, checkpoint?.tree ?? base.commit, tree)
}

/** The same of the ignored files that are carried along. */
async function isCarriedHeld(
  site: Site,
  { checkpoint }: TaskState,
  carried: string | null,
): Promise<boolean> {
  if (carried === null) return true
  return checkpoint?.carried !== undefined && hasAllOf(site, checkpoint.carried, carried)
}

async function hasAllOf({ repository }: Site, held: string, tree: string): Promise<boolean> {
  const args = ['diff-tree', '-r', '--quiet', '--diff-filter=d', held, tree]
  return (await git(repository.place, { args, answers: [1] })).exitCode === 0
}

async function pin(
  { repository }: Site,
  task: TaskState,
  tree: string,
  carried: string | null,
  at: string,
): Promise<void> {
  const signature = { ...ENGINE, at }
  const by = { author: signature, committer: signature }
  const parents = [task.checkpoint?.commit ?? task.base.commit]
  if (carried !== null) {
    const beside = { tree: carried, parents, message: `${CARRIED_MESSAGE}\n`, ...by }
    parents.push(await commitTree(repository.place, beside))
  }
  const message = 'what was written while the worktree went\n'
  const commit = await commitTree(repository.place, { tree, parents, message, ...by })
  await syncFileSystems(repository.commonDir)
  await setRef(repository.place, pinRef(task.id, `salvaged/${commit}`), commit, 'coppice: salvage')
}
