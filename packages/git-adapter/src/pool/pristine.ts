import { constants } from 'node:fs'
import { copyFile, mkdir, readFile, rename, stat, utimes, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { isForeseen } from '../errors/foreseen.js'
import { isThere, namesIn, readText } from '../files/look.js'
import { removeTree } from '../files/remove-tree.js'
import type { Site } from '../site.js'
import { TRASH } from '../worktree/layout.js'
import type { Spare } from './spare.js'

/**
 * What the engine knew of a worktree's files when it had written them, kept where no git command of an agent's writes: by this, and not by
 * an index that the agent could have written, it is told later which files are still the same.
 */
export interface Pristine {
  readonly indexFile: string
  readonly commit: string
  /** See `checkoutSettings`. */
  readonly settings: string
  readonly bytes: number
  /** What the worktree was set up by last; null where it need not have been. */
  readonly setUp: SetUp | null
}

/** A set-up that has succeeded in a worktree. */
export interface SetUp {
  /** See `setupKey`. */
  readonly key: string
  /** The directories that worktrees keep which it had then. */
  readonly made: readonly string[]
}

const IN_SPARE = 'pristine'

/** A worktree whose files were just written. */
type Written = Pick<Spare, 'gitDir' | 'commit' | 'settings' | 'bytes'>

/** A directory in the git directory of a spare, which moves as it is. */
export async function keepPristine({ gitDir, commit, settings, bytes }: Written): Promise<void> {
  const kept = join(gitDir, IN_SPARE)
  const [from, to] = [join(gitDir, 'index'), join(kept, 'index')]
  await mkdir(kept)
  await copyFile(from, to, constants.COPYFILE_FICLONE)
  // Git looks into files that are not older than their index.
  const { mtime } = await stat(from)
  await utimes(to, mtime, mtime)
  await writeFile(join(kept, 'record'), JSON.stringify({ commit, settings, bytes }))
}

/** Moves it to where it is kept as long as there is the worktree, by the name of git's entry of that. */
export async function handOver(site: Site, spare: Pick<Spare, 'gitDir'>, entry: string): Promise<void> {
  const from = join(spare.gitDir, IN_SPARE)
  if (await isThere(from)) await moveTo(site, from, basename(entry))
}

/** Moves it to the name that a worktree has in the trash. */
export async function throwPristine(site: Site, entry: string, trash: string): Promise<void> {
  const from = join(pristineIn(site), basename(entry))
  if (await isThere(from)) await moveTo(site, from, basename(trash))
}

async function moveTo(site: Site, from: string, name: string): Promise<void> {
  const to = join(pristineIn(site), name)
  await mkdir(pristineIn(site), { recursive: true })
  await removeTree(to)
  await rename(from, to)
}

/** What is known of the worktree of a name; null where that is nothing. */
export async function pristineOf(site: Site, name: string): Promise<Pristine | null> {
  const kept = join(pristineIn(site), name)
  try {
    const text = await readFile(join(kept, 'record'), 'utf8')
    const record = JSON.parse(text) as Pick<Pristine, 'commit' | 'settings' | 'bytes'>
    const setUp = await readText(join(kept, SET_UP))
    return {
      ...record,
      setUp: setUp === null ? null : (JSON.parse(setUp) as SetUp),
      indexFile: join(kept, 'index'),
    }
  } catch (error) {
    if (isForeseen(error) || error instanceof SyntaxError) return null
    throw error
  }
}

/** Says of a worktree that it was set up, where anything is known of it. */
export async function noteSetUp(site: Site, entry: string, setUp: SetUp): Promise<void> {
  const kept = join(pristineIn(site), basename(entry))
  if (!(await isThere(kept))) return
  const file = join(kept, SET_UP)
  await writeFile(`${file}.new`, JSON.stringify(setUp))
  await rename(`${file}.new`, file)
}

const SET_UP = 'set-up'

export async function dropPristine(site: Site, name: string): Promise<void> {
  await removeTree(join(pristineIn(site), name))
}

/** Deletes what is kept of worktrees that are gone. Under the repository lock, for a claim puts it there before its entry. */
export async function sweepPristine(site: Site): Promise<void> {
  const entries = await namesIn(join(site.repository.commonDir, 'worktrees'))
  const trash = await namesIn(join(site.worktreesDir, TRASH))
  const known = new Set([...entries, ...trash])
  for (const name of await namesIn(pristineIn(site))) if (!known.has(name)) await dropPristine(site, name)
}

/** The directory that all of it is kept in. */
export function pristineIn({ workshop }: Site): string {
  return join(workshop.directory, 'pristine')
}
