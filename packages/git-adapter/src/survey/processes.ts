import { readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { isThere, namesIn } from '../files/look.js'
import { isBeforeBoot } from '../process/boot.js'
import { adminEntries } from '../repository/admin-entries.js'
import type { Site } from '../site.js'

/** What other processes have to do with a repository. */
export interface Processes {
  /** Why it cannot be said who holds a lock, or null where it can. */
  readonly unknown: string | null
  /** A git process that may be at work in the repository, in words; or null. */
  readonly git: string | null
  /** The files below the repository that some process has open. */
  readonly open: ReadonlySet<string>
}

/** A lock that is younger than this, in milliseconds, may belong to a process that has closed it and goes on. */
const REST_MS = 10_000

/** Why somebody may be holding a lock, or null where certainly nobody is. */
export function holderOf({ unknown, git, open }: Processes, path: string, mtimeMs: number): string | null {
  if (unknown !== null) return unknown
  if (git !== null) return git
  if (open.has(path)) return 'a process has it open'
  if (isBeforeBoot(mtimeMs)) return null
  const begun = Date.now() - process.uptime() * 1_000
  return mtimeMs < begun && mtimeMs < Date.now() - REST_MS ? null : 'it is only a few seconds old'
}

/** Looks at every process of the system: its program, its directory, its open files, and what it was told. */
export async function processesAt(site: Site): Promise<Processes> {
  const open = new Set<string>()
  if (!(await isThere('/proc/self/fd'))) {
    return { unknown: 'this system does not tell what processes have open', git: null, open }
  }
  const { commonDir, mainWorkTree } = site.repository
  const worktrees = (await adminEntries(site.repository)).flatMap(({ path }) => path ?? [])
  const places = [
    commonDir,
    site.worktreesDir,
    ...worktrees,
    ...(mainWorkTree === null ? [] : [mainWorkTree]),
  ]
  let git: string | null = null
  for (const pid of (await namesIn('/proc')).filter((name) => /^\d+$/.test(name))) {
    const { name, uses, complete } = await lookInto(join('/proc', pid))
    for (const path of uses) if (path.startsWith(`${commonDir}/`)) open.add(path)
    if (!/^git(-|$)/.test(name)) continue
    if (!complete) git ??= `a git process (${pid}) of another user runs`
    if (uses.some((use) => places.some((place) => use.includes(place))))
      git ??= `a git process (${pid}) is at work there`
  }
  return { unknown: null, git, open }
}

interface ProcessSight {
  readonly name: string
  /** Paths and texts that tell what it works on. */
  readonly uses: readonly string[]
  readonly complete: boolean
}

async function lookInto(directory: string): Promise<ProcessSight> {
  let complete = true
  // A process that ends meanwhile holds nothing; one of another user does not let us look.
  const asked = async <T>(question: Promise<T>, nothing: T): Promise<T> => {
    try {
      return await question
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EACCES' || code === 'EPERM') complete = false
      else if (code !== 'ENOENT' && code !== 'ESRCH') throw error
      return nothing
    }
  }
  const name = (await asked(readFile(join(directory, 'comm'), 'utf8'), '')).trim()
  const cwd = await asked(readlink(join(directory, 'cwd')), '')
  const descriptors = await asked(namesIn(join(directory, 'fd')), [])
  const files = await Promise.all(descriptors.map((fd) => asked(readlink(join(directory, 'fd', fd)), '')))
  const texts = /^git(-|$)/.test(name)
    ? await Promise.all(
        ['cmdline', 'environ'].map((file) => asked(readFile(join(directory, file), 'utf8'), '')),
      )
    : []
  return { name, uses: [cwd, ...files, ...texts], complete }
}
