import type { TaskState } from '@coppice/core'
import { captureFiles } from '../capture/capture-files.js'
import { withIndexFile } from '../capture/index-slot.js'
import { commitTree } from '../git/objects.js'
import { pinRef, setRef } from '../git/refs.js'
import { git } from '../git/run.js'
import { syncFileSystems } from '../git/sync.js'
import { ENGINE } from '../repository/identity.js'
import { privateGit } from '../repository/private-git.js'
import type { Site } from '../site.js'
import { isMarkedPinned, trashOf } from './layout.js'

/**
 * Pins what lies in a task's trash, was not found to be pinned, and is held by no checkpoint. Git's entry of it is gone, which
 * somebody has deleted meanwhile.
 *
 * @returns the paths that nothing can pin
 */
export async function salvageTrash(site: Site, task: TaskState, at: string): Promise<readonly string[]> {
  const left: string[] = []
  for (const path of (await trashOf(task)).filter((each) => !isMarkedPinned(each))) {
    const { tree, uncaptured } = await filesIn(site, task, path)
    left.push(...uncaptured)
    if (!(await isHeld(site, task, tree))) await pin(site, task, tree, at)
  }
  return left
}

async function filesIn(site: Site, task: TaskState, workTree: string): ReturnType<typeof captureFiles> {
  const raw = await privateGit(site, 'raw')
  const oidLength = task.base.commit.length / 2
  return withIndexFile(site, (indexFile) =>
    captureFiles({
      place: { ...raw, workTree, indexFile },
      task: task.id,
      oidLength,
      entries: [],
      staged: null,
    }),
  )
}

/** Whether the newest checkpoint has every file of a tree as it is there; it may have more. */
async function isHeld({ repository }: Site, { checkpoint, base }: TaskState, tree: string): Promise<boolean> {
  const args = ['diff-tree', '-r', '--quiet', '--diff-filter=d', checkpoint?.tree ?? base.commit, tree]
  return (await git(repository.place, { args, answers: [1] })).exitCode === 0
}

async function pin({ repository }: Site, task: TaskState, tree: string, at: string): Promise<void> {
  const by = { ...ENGINE, at }
  const parents = [task.checkpoint?.commit ?? task.base.commit]
  const message = 'what was written while the worktree went\n'
  const commit = await commitTree(repository.place, { tree, parents, message, author: by, committer: by })
  await syncFileSystems(repository.commonDir)
  await setRef(repository.place, pinRef(task.id, `salvaged/${commit}`), commit, 'coppice: salvage')
}
