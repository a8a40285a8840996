import type { EntrySight } from '@coppice/core'
import { basename, join } from 'node:path'
import { readLine, readText } from '../files/look.js'
import { resolve } from '../git/objects.js'
import { adminEntries, type AdminEntry } from '../repository/admin-entries.js'
import { readHead } from '../repository/head.js'
import { operationIn } from '../repository/operation.js'
import type { Site } from '../site.js'
import { taskNamed } from '../worktree/layout.js'
import { markIn } from '../worktree/ownership.js'
import { standingAt } from './standing.js'

/** All of git's entries of linked worktrees, from files, for git fails over a half-made one; one process asks for commits. */
export async function entrySights({ repository }: Site): Promise<readonly EntrySight[]> {
  const found = await Promise.all((await adminEntries(repository)).map(sightOf))
  const revisions = found.flatMap(({ revision, logged }) => [revision ?? '', logged ?? ''])
  const commits = found.length === 0 ? [] : await resolve(repository.place, revisions.map(asCommit))
  const sights: EntrySight[] = []
  for (const [index, { sight }] of found.entries()) {
    const [commit = null, lastCommit = null] = commits.slice(2 * index)
    sights.push({ ...sight, commit, lastCommit })
  }
  return sights
}

interface Read {
  readonly sight: Omit<EntrySight, 'commit' | 'lastCommit'>
  readonly revision: string | null
  readonly logged: string | null
}

async function sightOf({ gitDir, path }: AdminEntry): Promise<Read> {
  const mark = await markIn(gitDir)
  const head = await readHead(gitDir)
  const sight = {
    gitDir,
    task: mark ?? taskNamed(basename(gitDir)),
    marked: mark !== null,
    path,
    standing: path === null ? ('nothing' as const) : await standingAt(path),
    commondir: await readLine(join(gitDir, 'commondir')),
    head: await readLine(join(gitDir, 'HEAD')),
    branch: head?.branch ?? null,
    locked: await readLine(join(gitDir, 'locked')),
    operation: await operationIn(gitDir),
  }
  return { sight, revision: head?.revision ?? null, logged: await lastLogged(gitDir) }
}

/** The commit that HEAD was last moved to, as its log says. */
async function lastLogged(gitDir: string): Promise<string | null> {
  const last = (await readText(join(gitDir, 'logs', 'HEAD')))?.trimEnd().split('\n').at(-1)
  return /^[0-9a-f]+ ([0-9a-f]{40,64}) /.exec(last ?? '')?.[1] ?? null
}

/** A name that nothing has, where there is none. */
function asCommit(revision: string): string {
  return revision === '' ? '0'.repeat(40) : `${revision}^{commit}`
}
