import { copyFile, mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import { isThere, readLine, readText } from '../files/look.js'
import { joinNul, splitNul } from '../git/nul.js'
import { resolve, resolveOne } from '../git/objects.js'
import { branchRef, moveRef } from '../git/refs.js'
import { git } from '../git/run.js'
import { adminEntries } from '../repository/admin-entries.js'
import { readHead } from '../repository/head.js'
import type { Repository } from '../repository/repository.js'
import type { Site } from '../site.js'
import { surveyRefs } from '../survey/refs.js'
import { markIn } from '../worktree/ownership.js'
import { gitAsideOf } from './aside.js'

/**
 * Puts the branch of each worktree of ours back to the newest of its commits of which everything is there, and makes an
 * index anew that names what is not. The files stay as they are, so that what is left of the lost commits shows as changes.
 */
export async function mendBranches(site: Site): Promise<void> {
  const { repository } = site
  const refs = await surveyRefs(repository.place)
  for (const { gitDir } of await adminEntries(repository)) {
    const branch = (await markIn(gitDir)) === null ? null : ((await readHead(gitDir))?.branch ?? null)
    if (branch === null) continue
    const ref = branchRef(branch)
    await putBranchBack(repository, gitDir, ref, refs[ref] ?? null)
    await makeIndexAnew(site, gitDir, ref)
  }
}

const LOST = 'coppice: what was on it is lost since a power cut'

async function putBranchBack(
  repository: Repository,
  gitDir: string,
  ref: string,
  tip: string | null,
): Promise<void> {
  if (tip !== null && (await isWhole(repository, tip))) return
  const file = join(repository.commonDir, ref)
  const isEmpty = (await readLine(file)) === ''
  // A branch without a commit has no file yet.
  if (tip === null && !isEmpty) return
  if (isEmpty) await rm(file)
  const from = isEmpty ? await resolveOne(repository.place, ref) : tip
  const logs = [join(repository.commonDir, 'logs', ref), join(gitDir, 'logs', 'HEAD')]
  for (const log of logs) {
    for (const commit of await loggedIn(log)) {
      if (!(await isWhole(repository, commit))) continue
      if (await moveRef(repository.place, ref, from, commit, LOST)) return
    }
  }
}

/** The commits that a ref was at, newest first. */
async function loggedIn(log: string): Promise<readonly string[]> {
  const lines = ((await readText(log)) ?? '').split('\n').toReversed()
  return lines.flatMap((line) => /^[0-9a-f]+ ([0-9a-f]{40,64}) /.exec(line)?.[1] ?? [])
}

async function isWhole({ place }: Repository, commit: string): Promise<boolean> {
  const args = ['rev-list', '--objects', '--no-object-names', '--quiet', commit]
  return (await git(place, { args, answers: [1, 128] })).exitCode === 0
}

/** Whatever the index names that is there stays in it. What it was is kept; the new one takes its place in one step. */
async function makeIndexAnew(site: Site, gitDir: string, ref: string): Promise<void> {
  const indexFile = join(gitDir, 'index')
  const { place } = site.repository
  const entries = (await isThere(indexFile)) ? await entriesOf({ ...place, indexFile }) : []
  if (entries?.every(({ isLost }) => !isLost) === true) return
  const draft = { ...place, indexFile: `${indexFile}.draft` }
  await rm(draft.indexFile, { force: true })
  const kept = (entries ?? []).filter(({ isLost }) => !isLost).map(({ line }) => line)
  const command =
    entries === null
      ? { args: ['read-tree', `${ref}^{tree}`], answers: [128] }
      : { args: ['update-index', '-z', '--index-info'], input: joinNul(kept) }
  const { exitCode } = await git(draft, command)
  if (exitCode !== 0 || !(await isThere(draft.indexFile))) return
  const aside = gitAsideOf(site)
  await mkdir(aside, { recursive: true })
  await copyFile(indexFile, join(aside, `index~${randomUUID()}`))
  await rename(draft.indexFile, indexFile)
}

interface Entry {
  /** As `ls-files --stage` prints it. */
  readonly line: Buffer
  /** Whether its object is not there; a submodule's commit is in a repository of its own. */
  readonly isLost: boolean
}

/** What an index names, or null where git cannot read it. */
async function entriesOf(
  place: Repository['place'] & { readonly indexFile: string },
): Promise<readonly Entry[] | null> {
  const { exitCode, stdout } = await git(place, { args: ['ls-files', '--stage', '-z'], answers: [128] })
  if (exitCode !== 0) return null
  const lines = splitNul(stdout)
  if (lines.length === 0) return []
  const oids = lines.map((line) => line.toString('latin1').split(' ', 2)[1] ?? '')
  const found = await resolve(place, oids)
  return lines.map((line, index) => ({
    line,
    isLost: found[index] === null && !line.toString('latin1').startsWith('160000 '),
  }))
}
