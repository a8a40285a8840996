import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { git } from '../git/run.js'
import { forgetLine } from '../git/index-info.js'
import { joinNul, keyOf, splitNul } from '../git/nul.js'
import type { FilePlace } from '../git/place.js'
import { below } from '../files/look-below.js'
import { lookAt } from '../files/look.js'
import { bothOf } from './both-of.js'
import { kindOf } from './path-kind.js'
import { LARGE_INDEX_BYTES } from './thresholds.js'

/** What the files of a worktree have that its index has not, as bytes of path names. */
export class Changes {
  constructor(
    readonly present: readonly Buffer[],
    readonly removed: readonly Buffer[],
    readonly uncaptured: readonly string[],
  ) {}

  get isEmpty(): boolean {
    return this.present.length === 0 && this.removed.length === 0
  }

  /** The same where git refuses some of the paths that are present, so that they cannot be captured. */
  refusing(refused: ReadonlySet<string>): Changes {
    const left = this.present.filter((path) => refused.has(keyOf(path)))
    if (left.length === 0) return this
    const present = this.present.filter((path) => !refused.has(keyOf(path)))
    return new Changes(present, this.removed, [
      ...this.uncaptured,
      ...left.map((path) => path.toString('utf8')),
    ])
  }

  presentPaths(): Buffer {
    return joinNul(this.present)
  }

  /** The lines with which `update-index --index-info` forgets a path, whatever stands there now. */
  removalInfo(oidLength: number): Buffer {
    return joinNul(this.removed.map((path) => forgetLine(path, 2 * oidLength)))
  }
}

/** What `ls-files` is asked for: whatever a commit of everything would take. Ignored files are not work, and left out. */
const TRACKED = ['--modified', '--deleted']
const UNTRACKED = ['--others', '--exclude-standard']

/**
 * Lists changed, deleted and untracked files, and some paths in any case. Nothing of the worktree is run: names come from
 * git, kinds from `lstat`.
 */
export async function listChanges(
  place: FilePlace & { readonly indexFile: string },
  also: readonly Buffer[],
  signal?: AbortSignal,
): Promise<Changes> {
  const bytes = (await lookAt(place.indexFile))?.size ?? 0
  if (bytes < LARGE_INDEX_BYTES) return listFiles(place, [...TRACKED, ...UNTRACKED], also, signal)
  const [tracked, untracked] = await bothOf(
    git(place, { args: ['ls-files', '-z', ...TRACKED] }, signal),
    git(place, { args: ['ls-files', '-z', ...UNTRACKED] }, signal),
  )
  const paths = [...splitNul(tracked.stdout), ...splitNul(untracked.stdout), ...also]
  return changesAt(place, paths, unreadableDirectories(untracked.stderr))
}

/** The same for what certain options of `ls-files` select. */
export async function listFiles(
  place: FilePlace,
  selection: readonly string[],
  also: readonly Buffer[],
  signal?: AbortSignal,
): Promise<Changes> {
  const { stdout, stderr } = await git(place, { args: ['ls-files', '-z', ...selection] }, signal)
  return changesAt(place, [...splitNul(stdout), ...also], unreadableDirectories(stderr))
}

/** Paths that are looked at at the same time. */
const AT_ONCE = 64

/** What there is at some paths now. */
async function changesAt(
  place: FilePlace,
  paths: readonly Buffer[],
  unreadable: readonly string[],
): Promise<Changes> {
  const names = [...new Map(paths.map((name) => [keyOf(name), name])).values()]
  const found: Record<Found, Buffer[]> = { present: [], removed: [], uncaptured: [] }
  for (let at = 0; at < names.length; at += AT_ONCE) {
    const some = names.slice(at, at + AT_ONCE)
    const each = await Promise.all(some.map((name) => foundAt(place.workTree, name)))
    for (const [index, name] of some.entries()) found[each[index] ?? 'uncaptured'].push(name)
  }
  const uncaptured = found.uncaptured.map((name) => name.toString('utf8'))
  return new Changes(found.present, found.removed, [...unreadable, ...uncaptured])
}

type Found = 'present' | 'removed' | 'uncaptured'

async function foundAt(workTree: string, name: Buffer): Promise<Found> {
  const kind = await kindOf(workTree, name)
  if (kind === 'gone') return 'removed'
  if (kind === 'symlink') return 'present'
  return kind === 'file' && (await isReadable(below(workTree, name))) ? 'present' : 'uncaptured'
}

/** Git passes over a directory that it may not read with no more than a warning. */
function unreadableDirectories(stderr: string): string[] {
  return [...stderr.matchAll(/^warning: could not open directory '(.*)': /gm)].map(([, name = '']) => name)
}

async function isReadable(path: Buffer): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'EACCES',
  )
}
