import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Checkpoint, TaskState } from '@coppice/core'
import { filteredPaths } from '../capture/filtered.js'
import { parseIndex, type IndexEntry } from '../capture/index-file.js'
import { withIndexFile } from '../capture/index-slot.js'
import { restoreOperation } from '../capture/operation-files.js'
import { absentIn } from '../capture/raw-index.js'
import { joinNul } from '../git/nul.js'
import type { Place } from '../git/place.js'
import { git } from '../git/run.js'
import { privateGit } from '../repository/private-git.js'
import type { Site } from '../site.js'

/** A worktree that was made without files. */
export interface Bed {
  readonly task: TaskState
  readonly gitDir: string
  readonly workTree: string
}

/**
 * Gives a worktree the files and the index of a checkpoint. Files come back byte for byte, through the
 * same private git directory that took them; only what a filter of the user's owns is checked out by the filter.
 */
export async function restoreContent(
  site: Site,
  bed: Bed,
  checkpoint: Checkpoint,
  signal?: AbortSignal,
): Promise<void> {
  const { gitDir, workTree } = bed
  const raw = { ...(await privateGit(site, 'raw')), workTree, indexFile: join(gitDir, 'index') }
  await checkOut(raw, checkpoint.tree, bed, signal)
  const files = await objectsIn(raw.indexFile, bed)
  if (checkpoint.rawIndex === null) await git(raw, { args: ['read-tree', checkpoint.index] }, signal)
  else await putRawIndex(raw, checkpoint.rawIndex)
  await checkOutFiltered(site, bed, files, signal)
  if (checkpoint.carried !== undefined) await putCarried(site, raw, checkpoint.carried, signal)
  if (checkpoint.operation !== undefined) await restoreOperation(site, gitDir, checkpoint.operation)
  // Exit 1 says that files differ from the index, which is what a checkpoint is for.
  await git({ gitDir, workTree }, { args: ['update-index', '-q', '--refresh'], answers: [1] }, signal)
}

/** All files, but for those that were left out of a partial clone: nobody here has them. */
async function checkOut(
  raw: Place & { readonly indexFile: string },
  tree: string,
  bed: Bed,
  signal?: AbortSignal,
): Promise<void> {
  if (raw.isPartial !== true) {
    await git(raw, { args: ['read-tree', '--reset', '-u', tree] }, signal)
    return
  }
  await git(raw, { args: ['read-tree', '--reset', tree] }, signal)
  const absent = await absentIn(raw, await entriesIn(raw.indexFile, bed))
  const input = joinNul([...absent].map(({ path }) => path))
  await git(raw, { args: ['update-index', '-z', '--skip-worktree', '--stdin'], input }, signal)
  await git(raw, { args: ['checkout-index', '--all', '--force'] }, signal)
}

async function putRawIndex(place: Place & { readonly indexFile: string }, blob: string): Promise<void> {
  const { stdout } = await git(place, { args: ['cat-file', 'blob', blob] })
  await rm(place.indexFile, { force: true })
  await writeFile(place.indexFile, stdout)
}

/** Ignored files come back beside the others; the worktree's index knows nothing of them. */
async function putCarried(site: Site, raw: Place, tree: string, signal?: AbortSignal): Promise<void> {
  await withIndexFile(site, async (indexFile) => {
    const place = { ...raw, indexFile }
    await git(place, { args: ['read-tree', tree] }, signal)
    await git(place, { args: ['checkout-index', '--all', '--force'] }, signal)
  })
}

async function entriesIn(indexFile: string, { task }: Bed): Promise<readonly IndexEntry[]> {
  return parseIndex(await readFile(indexFile), task.base.commit.length / 2) ?? []
}

/** The object of each path in an index, by the path as Latin-1 text. */
async function objectsIn(indexFile: string, bed: Bed): Promise<ReadonlyMap<string, string>> {
  const settled = (await entriesIn(indexFile, bed)).filter(({ stage }) => stage === 0)
  return new Map(settled.map(({ path, oid }) => [path.toString('latin1'), oid]))
}

/** A filtered file that had not changed since it was staged was taken as its object; the filter makes the file of it. */
async function checkOutFiltered(
  site: Site,
  bed: Bed,
  files: ReadonlyMap<string, string>,
  signal?: AbortSignal,
): Promise<void> {
  const { gitDir, workTree } = bed
  const indexFile = join(gitDir, 'index')
  const staged = [...(await objectsIn(indexFile, bed))]
  const unchanged = staged.filter(([path, oid]) => files.get(path) === oid)
  const paths = unchanged.map(([path]) => Buffer.from(path, 'latin1'))
  const filtered = await filteredPaths(site, { workTree, indexFile }, paths)
  if (filtered.size === 0) return
  const input = joinNul([...filtered].map((path) => Buffer.from(path, 'latin1')))
  await git({ gitDir, workTree }, { args: ['checkout-index', '--force', '-z', '--stdin'], input }, signal)
}
