import { readFile, readlink } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { isThere, namesIn } from '../files/look.js'
import { git } from '../git/run.js'
import { adminEntries } from '../repository/admin-entries.js'
import { commandLines } from './command-lines.js'
import { mayLock } from './may-lock.js'
import { isWithin, Mounts } from './mounts.js'

/** A git process that may have locked something in a repository. */
export interface GitProcess {
  /** Which it is, in words. */
  readonly what: string
  /** Not after it was started, in milliseconds since 1970. */
  readonly beganMs: number
}

/** What other processes have to do with a repository. */
export interface Processes {
  readonly git: readonly GitProcess[]
  /** The files below the repository that some process has open. */
  readonly open: ReadonlySet<string>
}

/** Milliseconds by which the time of a file and of a process's start may be off, for both are told by coarse clocks. */
const COARSE_MS = 50

/** Clock ticks a second, as Linux tells them on every machine. */
const TICKS = 100

/** Where git works on a repository. Linked worktrees are found by themselves, and mostly the main checkout is, too. */
export interface Premises {
  readonly commonDir: string
  /** A checkout that is known. */
  readonly workTree?: string | null
}

/** Looks at every process of the system: its program, its directory, its open files, and what it was told. */
export async function processesAt({ commonDir, workTree = null }: Premises): Promise<Processes> {
  if (!(await isThere('/proc/self/fd'))) return { git: await anyGit(), open: new Set() }
  const worktrees = (await adminEntries({ commonDir })).flatMap(({ path }) => path ?? [])
  const known = workTree === null ? [] : [workTree]
  const places = [commonDir, ...(await mainCheckout(commonDir)), ...worktrees, ...known]
  const mounts = new Mounts()
  const seen = await Promise.all(places.map((place) => mounts.placeOf('self', place)))
  const bootMs = Date.now() - Number.parseFloat(await readFile('/proc/uptime', 'utf8')) * 1_000
  const open = new Set<string>()
  const found: GitProcess[] = []
  for (const pid of (await namesIn('/proc')).filter((name) => /^\d+$/.test(name))) {
    const { isGit, cwd, files, texts, isHidden, ticks } = await lookInto(pid, mounts)
    for (const path of files) if (isWithin(path, commonDir)) open.add(path)
    if (!isGit) continue
    const isThereToo =
      seen.some((place) => isWithin(cwd, place)) ||
      [...files, ...texts].some((text) => places.some((place) => text.includes(place)))
    if (!isThereToo && !isHidden) continue
    const what = isThereToo
      ? `a git process (${pid}) is at work there`
      : `a git process (${pid}) of another user runs`
    found.push({ what, beganMs: bootMs + (ticks / TICKS) * 1_000 - COARSE_MS })
  }
  return { git: found, open }
}

/** Where the main checkout may be. One that a separate git directory does not record is not known. */
async function mainCheckout(commonDir: string): Promise<readonly string[]> {
  const args = ['config', '--file', join(commonDir, 'config'), '--get', 'core.worktree']
  const { exitCode, stdout } = await git({ gitDir: commonDir }, { args, answers: [1, 128] })
  if (exitCode === 0) return [resolve(commonDir, stdout.toString('utf8').trim())]
  return basename(commonDir) === '.git' ? [dirname(commonDir)] : []
}

interface ProcessSight {
  /** Whether it is a git that locks anything. */
  readonly isGit: boolean
  /** Its directory, in the words of `Mounts`. */
  readonly cwd: string
  readonly files: readonly string[]
  /** What it was told. */
  readonly texts: readonly string[]
  /** Whether something of it is not told to us. */
  readonly isHidden: boolean
  /** When it was started, in clock ticks since the boot. */
  readonly ticks: number
}

async function lookInto(pid: string, mounts: Mounts): Promise<ProcessSight> {
  const directory = join('/proc', pid)
  let isHidden = false
  // A process that ends meanwhile holds nothing; one of another user does not let us look.
  const asked = async <T>(question: Promise<T>, nothing: T): Promise<T> => {
    try {
      return await question
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException
      if (code === 'EACCES' || code === 'EPERM') isHidden = true
      else if (!GONE.has(code)) throw error
      return nothing
    }
  }
  const text = (name: string): Promise<string> => asked(readFile(join(directory, name), 'utf8'), '')
  const descriptors = await asked(namesIn(join(directory, 'fd')), [])
  const files = await Promise.all(descriptors.map((fd) => asked(readlink(join(directory, 'fd', fd)), '')))
  const nothing = { isGit: false, cwd: '', files, texts: [], isHidden, ticks: 0 }
  if (!/^git(-|$)/.test((await text('comm')).trim())) return nothing
  const [told, environment, stat] = [await text('cmdline'), await text('environ'), await text('stat')]
  if (!mayLock(told.split('\0'))) return nothing
  const at = await asked(readlink(join(directory, 'cwd')), '')
  const cwd = at === '' ? '' : await asked(mounts.placeOf(pid, at), '')
  // The second field is the program's name in parentheses, which may hold anything.
  const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? 0)
  return { isGit: true, cwd, files, texts: [told, environment], isHidden, ticks }
}

/** A process has ended meanwhile, or is just ending, and has no mounts any more. */
const GONE = new Set(['ENOENT', 'ESRCH', 'EINVAL'])

/** Where the system does not tell what processes do, each git may be at work anywhere. */
async function anyGit(): Promise<readonly GitProcess[]> {
  const running = await commandLines()
  return running.flatMap(({ pid, args }) => {
    if (!/^git(-|$)/.test(basename(args[0] ?? '')) || !mayLock(args)) return []
    return [{ what: `a git process (${pid}) runs, and the system does not tell where`, beganMs: -Infinity }]
  })
}
