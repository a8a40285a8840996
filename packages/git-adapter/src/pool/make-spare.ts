import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseIndex } from '../capture/index-file.js'
import { makeDirectory } from '../files/make-directory.js'
import { splitNul } from '../git/nul.js'
import { git } from '../git/run.js'
import { syncFileSystems } from '../git/sync.js'
import type { Site } from '../site.js'
import { outdate } from './outdate.js'
import { keepPristine } from './pristine.js'
import { placeFor, poolOf, type Spare } from './spare.js'

/** Disks give out room in blocks of about this many bytes. */
const BLOCK_BYTES = 4_096

/**
 * Fills a new spare with the files of a commit; all of it is on the disk then, and nobody takes it before it is offered. Its git directory
 * comes first, so that whatever a kill leaves can be told from what another repository makes in the same place.
 */
export async function makeSpare(
  site: Site,
  commit: string,
  settings: string,
  signal?: AbortSignal,
): Promise<Spare> {
  const { gitDir, path } = await newSpareIn(site, commit)
  await makeDirectory(path)
  await writeFile(join(path, '.git'), `gitdir: ${gitDir}\n`)
  await git({ gitDir, workTree: path }, { args: FILL }, signal)
  const bytes = await bytesBelow(gitDir, commit.length / 2)
  const made = { gitDir, path, commit, settings, bytes, kept: [], setup: null }
  // That takes longest, and brings on the second that is waited for.
  await syncFileSystems(path)
  await outdate({ gitDir, path }, commit.length / 2, signal)
  await keepPristine(made)
  await syncFileSystems(gitDir, path)
  return made
}

export type Made = Pick<Spare, 'gitDir' | 'path'>

/** The git directory of a spare whose files are still to come, and where they belong. */
export async function newSpareIn(site: Site, commit: string): Promise<Made> {
  const gitDir = join(poolOf(site.repository), newName())
  const path = placeFor(site, gitDir)
  await mkdir(gitDir, { recursive: true })
  await writeFile(join(gitDir, 'HEAD'), `${commit}\n`)
  await writeFile(join(gitDir, 'commondir'), '../../..\n')
  await writeFile(join(gitDir, 'gitdir'), `${join(path, '.git')}\n`)
  return { gitDir, path }
}

/** With an index in one piece, which tells of every file. */
const FILL = ['-c', 'core.splitIndex=false', '-c', 'index.sparse=false', 'reset', '--quiet', '--hard']

/** Names sort by their age. */
function newName(): string {
  return `${String(Date.now()).padStart(15, '0')}-${randomBytes(4).toString('hex')}`
}

/** What the files of an index take on the disk. */
export async function bytesBelow(gitDir: string, oidLength: number): Promise<number> {
  const entries = parseIndex(await readFile(join(gitDir, 'index')), oidLength) ?? []
  return inBlocks(entries.map(({ size }) => size))
}

/** What the files of a commit take on the disk where no filter makes others of them. */
export async function bytesOf({ repository }: Site, commit: string): Promise<number> {
  const { stdout } = await git(repository.place, { args: ['ls-tree', '-r', '-l', '-z', commit] })
  const lines = splitNul(stdout).map((line) => line.toString('latin1'))
  return inBlocks(lines.map((line) => Number(/^\S+ \S+ \S+ +(\d+)\t/.exec(line)?.[1] ?? 0)))
}

function inBlocks(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES, 0)
}
