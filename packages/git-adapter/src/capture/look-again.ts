import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { RestlessWorktreeError, type TaskState } from '@coppice/core'
import { isForeseen } from '../errors/foreseen.js'
import { below } from '../files/look-below.js'
import { isThere, lookAt, namesIn, unless } from '../files/look.js'
import { signOf } from '../files/sign.js'
import { workInProgress } from '../repository/operation.js'
import { privateGit } from '../repository/private-git.js'
import { upToDate } from '../repository/settings.js'
import type { Site } from '../site.js'
import { captureFiles, type CapturedFiles } from './capture-files.js'
import { INCLUDE_LIST } from './include-list.js'
import { offsetsIn, secondsOf } from './index-file.js'
import { forget, seal } from './index-rewrite.js'
import { withIndexFile } from './index-slot.js'
import { areSame, isRule } from './rules.js'
import { IGNORED, UNKNOWN, type DirectorySigns, type KeptCapture, type Look } from './kept-looks.js'

/** What there is to say of a worktree of which only the files may have changed since it was last captured. */
export type Again = Omit<CapturedFiles, 'isIndexSame'> & { readonly look: Look | null }

/**
 * Captures a worktree once more, for what has changed: git looks at the files with the index of the last capture, in which it knows
 * all others by their times. Null where anything has changed that this would pass over; then everything has to be captured
 * anew.
 */
export async function lookAgain(
  site: Site,
  task: TaskState & { readonly gitDir: string },
  kept: KeptCapture,
  signal?: AbortSignal,
): Promise<Again | null> {
  try {
    return await built(site, task, kept, signal)
  } catch (error) {
    // Whatever is in its way, such as objects that are gone, need not be in the other's.
    signal?.throwIfAborted()
    if (!isForeseen(error) && !(error instanceof RestlessWorktreeError)) throw error
    return null
  }
}

async function built(
  site: Site,
  task: TaskState & { readonly gitDir: string },
  kept: KeptCapture,
  signal?: AbortSignal,
): Promise<Again | null> {
  const { look } = kept
  if (!(await isBuiltUpon(task, kept))) return null
  const [now, files] = await Promise.all([upToDate(site), filesSince(task, kept, signal)])
  const directories = await directoriesSince(task.path, look.directories)
  const isSame = isDeepStrictEqual(now.repository.settings, look.site.repository.settings)
  if (!isSame || directories === null || !areSame(look.rules)) return null
  const { tree, uncaptured, held } = files
  const canBeKept = uncaptured.length === 0
  return { tree, uncaptured, look: canBeKept ? { ...look, ...held, directories } : null }
}

/** Whether nothing has come that a look at the files alone would miss. */
async function isBuiltUpon(
  { gitDir, path }: TaskState & { readonly gitDir: string },
  kept: KeptCapture,
): Promise<boolean> {
  if (kept.gitDir !== gitDir || signOf(join(gitDir, 'index')) !== kept.look.signature) return false
  if ((await workInProgress(gitDir)) !== null) return false
  return !(await isThere(join(path, INCLUDE_LIST))) && (await namesIn(join(gitDir, 'modules'))).length === 0
}

/** What a look holds of an index. */
type HeldIndex = Pick<Look, 'index' | 'indexSeconds'>

type FilesSince = CapturedFiles & { readonly held: HeldIndex }

function filesSince(task: TaskState, { tree, look }: KeptCapture, signal?: AbortSignal): Promise<FilesSince> {
  return withIndexFile(look.site, async (indexFile) => {
    await writeFile(indexFile, look.index)
    // A file that is not older than this is looked into, for it may have changed without a trace in its times.
    await utimes(indexFile, look.indexSeconds, look.indexSeconds)
    const place = { ...(await privateGit(look.site, 'raw')), workTree: task.path, indexFile }
    const oidLength = task.base.commit.length / 2
    const files = { place, task: task.id, oidLength, entries: [], staged: tree }
    const found = await captureFiles(files, signal)
    const { index, indexSeconds } = found.isIndexSame ? look : await indexOf(indexFile, oidLength)
    return { ...found, held: { index, indexSeconds } }
  })
}

/**
 * An index of the engine's, and when it was written. Git goes by the times that files have, which anybody can put back; where one was
 * changed in a second in which the index was not yet written, it is looked into next time.
 */
export async function indexOf(file: string, oidLength: number): Promise<HeldIndex> {
  const { mtimeMs } = await stat(file)
  const index = await readFile(file)
  const indexSeconds = Math.floor(mtimeMs / MS_PER_SECOND)
  const young = offsetsIn(index, oidLength).offsets.filter((offset) => {
    const { changed, modified } = secondsOf(index, offset)
    return changed >= indexSeconds && modified < indexSeconds
  })
  for (const offset of young) forget(index, { offset }, oidLength)
  if (young.length > 0) seal(index, oidLength)
  return { index, indexSeconds }
}

const MS_PER_SECOND = 1_000

/** The signs as they are now; null where there is a directory, or a repository, that was not there before. */
async function directoriesSince(workTree: string, signs: DirectorySigns): Promise<DirectorySigns | null> {
  const now = await Promise.all(
    [...signs].map(async ([name, before]) => {
      if (before === IGNORED) return { name, sign: before, isNew: false }
      const path = below(workTree, Buffer.from(name, 'latin1'))
      const sign = signOf(path)
      return { name, sign, isNew: sign !== before && (await hasNew(path, name, signs)) }
    }),
  )
  return now.some(({ isNew }) => isNew) ? null : new Map(now.map(({ name, sign }) => [name, sign ?? UNKNOWN]))
}

async function hasNew(path: Buffer, name: string, signs: DirectorySigns): Promise<boolean> {
  if ((await lookAt(path))?.isDirectory() !== true) return isRule(name.slice(name.lastIndexOf('/') + 1))
  const asked = unless(GONE, readdir(path, { withFileTypes: true, encoding: 'buffer' }), [])
  const entries = await unless(TOO_LONG, asked, null)
  if (entries === null) return true
  return entries.some((entry) => {
    const inside = entry.name.toString('latin1')
    if (inside === '.git') return name !== ''
    return (entry.isDirectory() || isRule(inside)) && !signs.has(name === '' ? inside : `${name}/${inside}`)
  })
}

const GONE = new Set(['ENOENT', 'ENOTDIR', 'EACCES'])

/** Nobody can tell what is in there. */
const TOO_LONG = new Set(['ENAMETOOLONG'])
