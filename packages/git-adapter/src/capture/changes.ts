import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { git } from '../git/run.js'
import { joinNul, keyOf, splitNul } from '../git/nul.js'
import type { FilePlace } from '../git/place.js'
import { below } from '../files/look-below.js'
import { kindOf } from './path-kind.js'

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
    const mode = Buffer.from(`0 ${'00'.repeat(oidLength)}\t`)
    return joinNul(this.removed.map((path) => Buffer.concat([mode, path])))
  }
}

/** What `ls-files` is asked for: whatever a commit of everything would take. Ignored files are not work, and left out. */
const WORK = ['--modified', '--deleted', '--others', '--exclude-standard']

/**
 * Lists changed, deleted and untracked files, and some paths in any case. Nothing of the worktree is run: names come from
 * git, kinds from `lstat`.
 */
export function listChanges(
  place: FilePlace,
  also: readonly Buffer[],
  signal?: AbortSignal,
): Promise<Changes> {
  return listFiles(place, WORK, also, signal)
}

/** The same for what certain options of `ls-files` select. */
export async function listFiles(
  place: FilePlace,
  selection: readonly string[],
  also: readonly Buffer[],
  signal?: AbortSignal,
): Promise<Changes> {
  const { stdout, stderr } = await git(place, { args: ['ls-files', '-z', ...selection] }, signal)
  const names = new Map([...splitNul(stdout), ...also].map((name) => [keyOf(name), name]))
  const present: Buffer[] = []
  const removed: Buffer[] = []
  const uncaptured = unreadableDirectories(stderr)
  for (const name of names.values()) {
    const absolute = below(place.workTree, name)
    const kind = await kindOf(place.workTree, name)
    if (kind === 'repository' || kind === 'unreadable') uncaptured.push(name.toString('utf8'))
    else if (kind === 'gone') removed.push(name)
    else if (kind === 'symlink' || (await isReadable(absolute))) present.push(name)
    else uncaptured.push(name.toString('utf8'))
  }
  return new Changes(present, removed, uncaptured)
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
