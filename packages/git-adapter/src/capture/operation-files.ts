import type { TaskState } from '@coppice/core'
import { RestlessWorktreeError } from '@coppice/core'
import { join } from 'node:path'
import { filesBelow } from '../files/files-below.js'
import { joinNul } from '../git/nul.js'
import { commitTree, writeTree, type Signature } from '../git/objects.js'
import type { Place } from '../git/place.js'
import { git } from '../git/run.js'
import { commitsOfOperation, STATE_FILES, workInProgress } from '../repository/operation.js'
import { privateGit } from '../repository/private-git.js'
import type { Site } from '../site.js'
import { MAX_LOOKS } from './capture-files.js'
import { withIndexFile } from './index-slot.js'

/** Of the commit beside a checkpoint's own that has what git knows of an operation under way. */
export const OPERATION_MESSAGE = 'what git was in the middle of'

/**
 * Takes what git keeps in its entry of a worktree for a merge, a rebase or the like that is under way, as a tree: the patches of
 * `git am` are nowhere else, and without the rest nobody could go on with it. Null where nothing is under way.
 *
 * @throws {RestlessWorktreeError} when no two looks agreed
 */
export async function captureOperation(site: Site, task: TaskState, gitDir: string): Promise<string | null> {
  let last: string | null = null
  for (let look = 0; look <= MAX_LOOKS; look++) {
    if ((await workInProgress(gitDir)) === null) return null
    const tree = await takeTree(site, gitDir)
    if (tree !== null && tree === last) return tree
    last = tree
  }
  throw new RestlessWorktreeError(task.id, { looks: MAX_LOOKS })
}

/** The tree of what is there now, or null where a part of it went away meanwhile. */
async function takeTree(site: Site, gitDir: string): Promise<string | null> {
  const files = await filesBelow(gitDir, STATE_FILES)
  // Git takes a path for each line; it gives no file of its own a name that would not be one.
  const paths = files.filter((path) => !/[\n"\\]/.test(path))
  const raw = await privateGit(site, 'raw')
  const input = paths.map((path) => `${join(gitDir, path)}\n`).join('')
  const hashed = await git(raw, {
    args: ['hash-object', '-w', '--stdin-paths', '--no-filters'],
    input,
    answers: [128],
  })
  if (hashed.exitCode !== 0) return null
  const ids = hashed.stdout.toString('latin1').trimEnd().split('\n')
  const info = paths.map((path, index) => Buffer.from(`100644 ${ids[index]}\t${path}`))
  return withIndexFile(site, async (indexFile) => {
    const place = { ...raw, indexFile }
    await git(place, { args: ['update-index', '-z', '--index-info'], input: joinNul(info) })
    return writeTree(place)
  })
}

/** A commit that holds such a tree, and the commits that git remembers for it. */
export async function holdOperation(
  place: Place,
  { tree, head, gitDir, by }: { tree: string; head: string | null; gitDir: string; by: Signature },
): Promise<string> {
  const remembered = await commitsOfOperation(place, gitDir)
  const parents = [...new Set([...(head === null ? [] : [head]), ...remembered])]
  return commitTree(place, { tree, parents, message: `${OPERATION_MESSAGE}\n`, author: by, committer: by })
}

/** Puts it back into git's entry of a worktree, so that the operation can go on. */
export async function restoreOperation(site: Site, gitDir: string, tree: string): Promise<void> {
  await withIndexFile(site, async (indexFile) => {
    const place = { ...(await privateGit(site, 'raw')), workTree: gitDir, indexFile }
    await git(place, { args: ['read-tree', tree] })
    await git(place, { args: ['checkout-index', '--all', '--force'] })
  })
}
