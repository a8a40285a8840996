import { writeFile } from 'node:fs/promises'
import { RestlessWorktreeError } from '@coppice/core'
import { keyOf } from '../git/nul.js'
import { writeTree } from '../git/objects.js'
import { MAX_LOOKS, updateIndex, type CapturedFiles, type Files } from './capture-files.js'
import { Changes, listFiles } from './changes.js'
import { readIncludeList } from './include-list.js'

export interface Carried extends Pick<CapturedFiles, 'uncaptured'> {
  /** Null where no ignored file is to be carried along. */
  readonly tree: string | null
}

/**
 * Takes the ignored files that a worktree's list names as a tree of their own, beside what git would commit, so that no
 * merge ever has them. Called with the index in which all other files are.
 *
 * @throws {IncludeListError} when the list is too long
 * @throws {RestlessWorktreeError} when no two looks agreed
 */
export async function captureCarried(files: Files, signal?: AbortSignal): Promise<Carried> {
  const patterns = await readIncludeList(files.place.workTree)
  if (patterns === null) return { tree: null, uncaptured: [] }
  const { indexFile } = files.place
  const list = `${indexFile}.include`
  await writeFile(list, patterns)
  const own = { ...files, place: { ...files.place, indexFile: `${indexFile}.carried` } }
  const held = new Set<string>()
  const refused = new Set<string>()
  for (let look = 0; look < MAX_LOOKS; look++) {
    // What is in the index of the others is tracked, or untracked and not ignored.
    const selection = ['--others', '--ignored', `--exclude-from=${list}`]
    const named = await listFiles(files.place, selection, [], signal)
    const changed = await listFiles(own.place, ['--modified', '--deleted'], [], signal)
    const added = named.present.filter((path) => !held.has(keyOf(path)))
    const present = [...added, ...changed.present]
    const changes = new Changes(present, changed.removed, named.uncaptured).refusing(refused)
    if (changes.isEmpty) {
      const tree = held.size === 0 ? null : await writeTree(own.place, signal)
      return { tree, uncaptured: changes.uncaptured }
    }
    // Where one of them changes while it is read, none of them is taken.
    const update = await updateIndex(own, changes, signal)
    if (!update.isStable) continue
    for (const path of update.refused) refused.add(keyOf(path))
    for (const path of added) if (!refused.has(keyOf(path))) held.add(keyOf(path))
    for (const path of changed.removed) held.delete(keyOf(path))
  }
  throw new RestlessWorktreeError(files.task, { looks: MAX_LOOKS })
}
