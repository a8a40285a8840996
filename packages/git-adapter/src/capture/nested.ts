import type { Dirent } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { below } from '../files/look-below.js'
import { isThere, unless } from '../files/look.js'
import { signOf } from '../files/sign.js'
import { joinNul, keyOf, splitNul } from '../git/nul.js'
import { git } from '../git/run.js'
import type { Files } from './capture-files.js'
import { parseIndex } from './index-file.js'
import { isSubmodule } from './submodules.js'
import { IGNORED, UNKNOWN, type DirectorySigns } from './kept-looks.js'
import { isRule } from './rules.js'

/**
 * Directories with a `.git` in them, below that of the worktree, and those so deep that nobody can tell. Git itself says nothing of most of those: it takes the files
 * beside a `.git`, and passes over it with all the history that is only there; and where it is damaged, git does not even see
 * that it is one. Those in ignored directories do not count, as nothing does that is in there. A symbolic link is not followed:
 * what it leads to is no part of the worktree. Asked when all files are in the index.
 */
export async function nestedRepositories(files: Files, signal?: AbortSignal): Promise<Nested> {
  const { workTree } = files.place
  const { known, submodules } = await directoriesIn(files)
  const found: Buffer[] = []
  const unknown: Buffer[] = []
  const signs = new Map<string, string>()
  for (let level: readonly Buffer[] = [ROOT]; level.length > 0;) {
    const looks = await Promise.all(level.map((directory) => lookIn(workTree, directory)))
    for (const look of looks) for (const [path, sign] of look.signs) signs.set(path, sign)
    found.push(...level.filter((each, index) => each !== ROOT && looks[index]?.isClosed === true))
    const inside = looks.flatMap(({ directories }) => directories)
    level = inside.filter((each) => known.has(keyOf(each)))
    unknown.push(...inside.filter((each) => !known.has(keyOf(each)) && !submodules.has(keyOf(each))))
  }
  found.push(...(await foundBelow(files, unknown, signs, signal)))
  return { repositories: found.map((path) => `${path.toString('utf8')}/`), directories: signs }
}

export interface Nested {
  readonly repositories: readonly string[]
  /** Of every directory that was looked into, or is ignored. */
  readonly directories: DirectorySigns
}

const ROOT = Buffer.alloc(0)
const SLASH = 0x2f

/** The directories with a file in them that git knows of by now, or did before; and those that are submodules. */
async function directoriesIn({ place, entries, oidLength }: Files): Promise<{
  readonly known: ReadonlySet<string>
  readonly submodules: ReadonlySet<string>
}> {
  const { indexFile } = place
  const now = (await isThere(indexFile)) ? parseIndex(await readFile(indexFile), oidLength) : null
  const known = new Set<string>()
  const submodules = new Set<string>()
  let last = ''
  for (const entry of [...entries, ...(now ?? [])]) {
    const { path } = entry
    const end = path.lastIndexOf(SLASH)
    // Those of a directory follow one another.
    const directory = end === -1 ? '' : path.toString('latin1', 0, end)
    if (directory !== last) addWithParents(known, directory)
    last = directory
    if (isSubmodule(entry)) submodules.add(keyOf(path))
  }
  return { known, submodules }
}

/** Those above a directory that is known are known, too. */
function addWithParents(known: Set<string>, directory: string): void {
  for (let end = directory.length; end > 0; end = directory.lastIndexOf('/', end - 1)) {
    const each = directory.slice(0, end)
    if (known.has(each)) return
    known.add(each)
  }
}

/** Goes through directories of whose files git tells none: they are ignored, or there is nothing in them that it would take. */
async function foundBelow(
  { place }: Files,
  top: readonly Buffer[],
  signs: Map<string, string>,
  signal?: AbortSignal,
): Promise<readonly Buffer[]> {
  const found: Buffer[] = []
  for (let level = top; level.length > 0;) {
    const looks = await Promise.all(level.map((directory) => lookIn(place.workTree, directory)))
    const filled = looks.filter(({ isEmpty }) => !isEmpty)
    const paths = joinNul(filled.map(({ path }) => path))
    const command = { args: ['check-ignore', '-z', '--stdin'], input: paths, answers: [1, 128] }
    const answer = filled.length === 0 ? null : await git(place, command, signal)
    const ignored = new Set(answer === null ? [] : splitNul(answer.stdout).map(keyOf))
    for (const { path, signs: own } of looks) {
      const counting = ignored.has(keyOf(path)) ? [[keyOf(path), IGNORED] as const] : own
      for (const [name, sign] of counting) signs.set(name, sign)
    }
    const counting = filled.filter(({ path }) => !ignored.has(keyOf(path)))
    found.push(...counting.filter(({ isClosed }) => isClosed).map(({ path }) => path))
    level = counting.filter(({ isClosed }) => !isClosed).flatMap(({ directories }) => directories)
  }
  return found
}

interface Look {
  readonly path: Buffer
  /** Of the directory, from before it was looked into, and of the files in it that say what is ignored or converted. */
  readonly signs: readonly (readonly [string, string])[]
  readonly isEmpty: boolean
  /** There is a `.git` in it, or it cannot be told what is. */
  readonly isClosed: boolean
  /** Those in it, but for `.git`, by their paths in the worktree. */
  readonly directories: readonly Buffer[]
}

const DOT_GIT = Buffer.from('.git')

async function lookIn(workTree: string, directory: Buffer): Promise<Look> {
  const signAt = (path: Buffer) => [keyOf(path), signOf(below(workTree, path)) ?? UNKNOWN] as const
  const sign = signAt(directory)
  const entries = await entriesOf(below(workTree, directory))
  if (entries === null)
    return { path: directory, signs: [sign], isEmpty: false, isClosed: true, directories: [] }
  const isGit = ({ name }: Dirent<Buffer>): boolean => name.equals(DOT_GIT)
  const directories = entries.filter((entry) => entry.isDirectory() && !isGit(entry))
  const prefix = directory.length === 0 ? directory : Buffer.concat([directory, Buffer.from('/')])
  const pathOf = ({ name }: Dirent<Buffer>): Buffer => Buffer.concat([prefix, name])
  const rules = entries.filter(({ name }) => isRule(keyOf(name)))
  return {
    path: directory,
    signs: [sign, ...rules.map((rule) => signAt(pathOf(rule)))],
    isEmpty: entries.length === 0,
    isClosed: entries.some(isGit),
    directories: directories.map(pathOf),
  }
}

/**
 * What may not be read is told of apart, by git; what has gone meanwhile is nothing. Git goes down step by step, and may
 * see what has a name that is too long for us, which is null here.
 */
function entriesOf(directory: Buffer): Promise<readonly Dirent<Buffer>[] | null> {
  const entries = unless(UNSEEN, readdir(directory, { withFileTypes: true, encoding: 'buffer' }), [])
  return unless(TOO_LONG, entries, null)
}

const UNSEEN = new Set(['ENOENT', 'ENOTDIR', 'EACCES'])
const TOO_LONG = new Set(['ENAMETOOLONG'])
