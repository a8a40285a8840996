import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Checkpoint, TaskState } from '@coppice/core'
import { filteredPaths } from '../capture/filtered.js'
import { parseIndex, type IndexEntry } from '../capture/index-file.js'
import { withIndexFile } from '../capture/index-slot.js'
import { restoreOperation } from '../capture/operation-files.js'
import { absentIn } from '../capture/raw-index.js'
import { isThere } from '../files/look.js'
import { joinNul, keyOf } from '../git/nul.js'
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
 * same private git directory that took them; only what a filter of the user's owns is checked out by the filter. What a
 * sparse checkout had left out stays out where git has made this worktree sparse too, as the main one is; elsewhere it comes
 * back with all else, and git is told no more to skip it.
 */
export async function restoreContent(
  site: Site,
  bed: Bed,
  checkpoint: Checkpoint,
  signal?: AbortSignal,
): Promise<void> {
  const { gitDir, workTree } = bed
  const raw = { ...(await privateGit(site, 'raw')), workTree, indexFile: join(gitDir, 'index') }
  const stored = checkpoint.rawIndex === null ? null : await storedIndex(raw, checkpoint.rawIndex)
  const skipped = skippedIn(stored, bed)
  await checkOut(raw, checkpoint.tree, bed, (await isSparse(gitDir)) ? skipped : [], signal)
  const files = await settledIn(raw.indexFile, bed)
  if (stored === null) await git(raw, { args: ['read-tree', checkpoint.index] }, signal)
  else await replace(raw.indexFile, stored)
  await checkOutFiltered(site, bed, files, signal)
  if (checkpoint.carried !== undefined) await putCarried(site, raw, checkpoint.carried, signal)
  if (checkpoint.operation !== undefined) await restoreOperation(site, gitDir, checkpoint.operation)
  const wasSparse = skipped.some((entry) => isAsIn(files, entry))
  // Exit 1 says that files differ from the index, which is what a checkpoint is for.
  const args = [
    ...(wasSparse ? SKIPPING_NOTHING_THERE : []),
    'update-index',
    '-q',
    '--refresh',
    '--force-write-index',
  ]
  await git({ gitDir, workTree }, { args, answers: [1] }, signal)
}

/** Has git drop the wish to skip a file from each entry whose file is there. */
const SKIPPING_NOTHING_THERE = [
  'core.sparseCheckout=true',
  'sparse.expectFilesOutsideOfPatterns=false',
].flatMap((setting) => ['-c', setting])

/** Git gives a new worktree the patterns of the main one where that is sparse. */
function isSparse(gitDir: string): Promise<boolean> {
  return isThere(join(gitDir, 'info', 'sparse-checkout'))
}

/**
 * All files, but for some that git is to skip and that are as the index has them, and for those that were left out of a partial
 * clone: nobody here has them.
 */
async function checkOut(
  raw: Place & { readonly indexFile: string },
  tree: string,
  bed: Bed,
  skipped: readonly IndexEntry[],
  signal?: AbortSignal,
): Promise<void> {
  if (raw.isPartial !== true && skipped.length === 0) {
    await git(raw, { args: ['read-tree', '--reset', '-u', tree] }, signal)
    return
  }
  await git(raw, { args: ['read-tree', '--reset', tree] }, signal)
  const entries = await entriesIn(raw.indexFile, bed)
  const files = settledOf(entries)
  const left = [...(await absentIn(raw, entries)), ...skipped.filter((entry) => isAsIn(files, entry))]
  const input = joinNul(left.map(({ path }) => path))
  await git(raw, { args: ['update-index', '-z', '--skip-worktree', '--stdin'], input }, signal)
  await git(raw, { args: ['checkout-index', '--all', '--force'] }, signal)
}

async function storedIndex(place: Place, blob: string): Promise<Buffer> {
  return (await git(place, { args: ['cat-file', 'blob', blob] })).stdout
}

async function replace(file: string, content: Buffer): Promise<void> {
  await rm(file, { force: true })
  await writeFile(file, content)
}

/** The entries whose files git was told to skip, as it is in a sparse checkout. */
function skippedIn(index: Buffer | null, bed: Bed): readonly IndexEntry[] {
  const entries = index === null ? [] : (parseIndex(index, oidLengthOf(bed)) ?? [])
  return entries.filter(({ skipWorktree }) => skipWorktree)
}

/** Ignored files come back beside the others; the worktree's index knows nothing of them. */
async function putCarried(site: Site, raw: Place, tree: string, signal?: AbortSignal): Promise<void> {
  await withIndexFile(site, async (indexFile) => {
    const place = { ...raw, indexFile }
    await git(place, { args: ['read-tree', tree] }, signal)
    await git(place, { args: ['checkout-index', '--all', '--force'] }, signal)
  })
}

async function entriesIn(indexFile: string, bed: Bed): Promise<readonly IndexEntry[]> {
  return parseIndex(await readFile(indexFile), oidLengthOf(bed)) ?? []
}

function oidLengthOf({ task }: Bed): number {
  return task.base.commit.length / 2
}

/** What an index has at each path, by the path as text; of a conflict nothing. */
type Settled = ReadonlyMap<string, IndexEntry>

function settledOf(entries: readonly IndexEntry[]): Settled {
  const settled = entries.filter(({ stage }) => stage === 0)
  return new Map(settled.map((entry) => [keyOf(entry.path), entry]))
}

async function settledIn(indexFile: string, bed: Bed): Promise<Settled> {
  return settledOf(await entriesIn(indexFile, bed))
}

function isAsIn(files: Settled, { path, oid, mode }: IndexEntry): boolean {
  const file = files.get(keyOf(path))
  return file?.oid === oid && file.mode === mode
}

/** A filtered file that had not changed since it was staged was taken as its object; the filter makes the file of it. */
async function checkOutFiltered(site: Site, bed: Bed, files: Settled, signal?: AbortSignal): Promise<void> {
  const { gitDir, workTree } = bed
  const indexFile = join(gitDir, 'index')
  const staged = [...(await settledIn(indexFile, bed)).values()]
  const unchanged = staged.filter(({ path, oid }) => {
    const file = files.get(keyOf(path))
    return file?.oid === oid && !file.skipWorktree
  })
  const paths = unchanged.map(({ path }) => path)
  const filtered = await filteredPaths(site, { workTree, indexFile }, paths)
  if (filtered.size === 0) return
  const input = joinNul([...filtered].map((path) => Buffer.from(path, 'latin1')))
  const args = ['checkout-index', '--force', '--ignore-skip-worktree-bits', '-z', '--stdin']
  await git({ gitDir, workTree }, { args, input }, signal)
}
