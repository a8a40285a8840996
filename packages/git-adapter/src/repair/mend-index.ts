import { RepairRefusedError } from '@coppice/core'
import { open, readFile, rename, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isSealed } from '../capture/index-rewrite.js'
import { withIndexFile } from '../capture/index-slot.js'
import { lookAt, readBytes } from '../files/look.js'
import { dropLeftLock } from '../git/left-lock.js'
import { forgetLine } from '../git/index-info.js'
import { joinNul, keyOf, splitNul } from '../git/nul.js'
import { resolve } from '../git/objects.js'
import type { Place } from '../git/place.js'
import { git } from '../git/run.js'
import { readHead } from '../repository/head.js'
import { privateGit } from '../repository/private-git.js'
import type { Site } from '../site.js'
import { keepAside } from '../worktree/aside.js'

/** Zeros that an index may end with: a checksum that git was told not to write, and what fills an entry up. */
const MAX_ZEROS = 40

/** Whether an index looks torn, without asking git. */
export async function isTornIndex(gitDir: string): Promise<boolean> {
  const indexFile = join(gitDir, 'index')
  if ((await lookAt(indexFile))?.isFile() !== true) return false
  const bytes = await readBytes(indexFile)
  const zeros = bytes.length - 1 - bytes.findLastIndex((byte) => byte !== 0)
  return !isSealed(bytes) || zeros > MAX_ZEROS
}

/**
 * Makes the index of a worktree anew where it names objects that are lost, or cannot be read. Whatever else it says stays in
 * it, and what it was is kept; the new one takes its place in one step, under git's own lock of it.
 *
 * @throws {RepairRefusedError} when somebody may be holding that lock
 */
export async function mendIndex(site: Site, gitDir: string): Promise<void> {
  const indexFile = join(gitDir, 'index')
  // Git would wait for a pipe.
  if ((await lookAt(indexFile))?.isFile() !== true) return
  await withIndexFile(site, async (file) => {
    if ((await mended(site, gitDir, file)) === null) return
    await underIndexLock(site, indexFile, async () => {
      // Git may have written it meanwhile.
      const draft = await mended(site, gitDir, file)
      if (draft !== null) await keepAside(site, indexFile)
      return draft
    })
  })
}

/** Makes at a place of ours what belongs into an index, and answers where it is; null where the index is good as it is. */
async function mended(site: Site, gitDir: string, file: string): Promise<string | null> {
  const bytes = await readBytes(join(gitDir, 'index'))
  await writeFile(file, bytes)
  // Only the worktree's own git directory has the parts of a split index that are in another file.
  const draft = { gitDir, indexFile: file }
  // Git reads one whose checksum is wrong, up to where it makes no sense any more.
  const entries = isSealed(bytes) ? await entriesOf(site, draft) : null
  if (entries?.every(({ isLost }) => !isLost) === true) return null
  if (entries !== null) {
    await drop(draft, entries)
    return file
  }
  const head = await readHead(gitDir)
  const args = [...WHOLE, 'read-tree', '--reset', `${head?.revision ?? 'HEAD'}^{tree}`]
  const anew = `${file}.new`
  const { exitCode } = await git({ gitDir, indexFile: anew }, { args, answers: [128] })
  return exitCode === 0 ? anew : null
}

/** Locks an index as git does, and puts what the work makes, if anything, in its place. */
async function underIndexLock(
  { repository }: Site,
  indexFile: string,
  work: () => Promise<string | null>,
): Promise<void> {
  const lock = `${indexFile}.lock`
  const holder = await dropLeftLock(repository, lock)
  if (holder !== null) throw new RepairRefusedError(lock, holder)
  const file = await open(lock, 'wx')
  try {
    const made = await work()
    if (made === null) return await unlink(lock)
    await file.writeFile(await readFile(made))
    await file.sync()
    await rename(lock, indexFile)
  } catch (error) {
    await unlink(lock)
    throw error
  } finally {
    await file.close()
  }
}

/** Has git write an index out in full, in one file. */
const WHOLE = ['-c', 'core.splitIndex=false', '-c', 'index.sparse=false']

interface Entry {
  readonly path: Buffer
  readonly oid: string
  /** As `update-index --index-info` reads it. */
  readonly line: Buffer
  readonly isLost: boolean
}

/** Has an index forget each path of which something is lost, and then put back what there is, as the sides of a conflict. */
async function drop(place: Place, entries: readonly Entry[]): Promise<void> {
  await git(place, { args: [...WHOLE, 'update-index', '--no-split-index', '--force-write-index'] })
  const lost = new Map(entries.flatMap((entry) => (entry.isLost ? [[keyOf(entry.path), entry]] : [])))
  const removals = [...lost.values()].map(({ path, oid }) => forgetLine(path, oid.length))
  const kept = entries.filter((entry) => !entry.isLost && lost.has(keyOf(entry.path))).map(({ line }) => line)
  const input = joinNul([...removals, ...kept])
  await git(place, { args: [...WHOLE, 'update-index', '-z', '--index-info'], input })
}

/** As `ls-files -t --stage` prints an entry: `S` for one that a sparse checkout leaves out. */
const ENTRY = /^(.) (\d+) ([0-9a-f]+) \d\t/

/** What an index names, or null where git cannot read it. */
async function entriesOf(site: Site, place: Place): Promise<readonly Entry[] | null> {
  const args = ['ls-files', '-t', '--stage', '-z']
  const { exitCode, stdout } = await git(place, { args, answers: [128] })
  if (exitCode !== 0) return null
  const lines = splitNul(stdout)
  if (lines.length === 0) return []
  const parsed = lines.map((line) => {
    const [head = '', tag, mode, oid = ''] = ENTRY.exec(line.toString('latin1')) ?? []
    // A submodule's commit is in a repository of its own; what a partial clone leaves out may not have been fetched yet.
    const isElsewhere = mode === '160000' || (tag === 'S' && site.repository.isPartial)
    return { path: line.subarray(head.length), oid, line: line.subarray('H '.length), isElsewhere }
  })
  // Asked about what is promised, git fails; a git directory of our own has nothing promised.
  const { isPartial, place: repository } = site.repository
  const store = isPartial ? { ...(await privateGit(site, 'raw')), isPartial: false } : repository
  const oids = parsed.map(({ oid }) => oid)
  const found = await resolve(store, oids)
  return parsed.map(({ path, oid, line, isElsewhere }, index) => {
    return { path, oid, line, isLost: found[index] === null && !isElsewhere }
  })
}
