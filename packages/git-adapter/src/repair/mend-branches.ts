import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import { isThere, readLine, readText } from '../files/look.js'
import { splitNul } from '../git/nul.js'
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

async function putBranchBack(
  repository: Repository,
  gitDir: string,
  ref: string,
  tip: string | null,
): Promise<void> {
  if (tip !== null && (await isWhole(repository, tip))) return
  const file = join(repository.commonDir, ref)
  if ((await readLine(file)) === '') await rm(file)
  const logs = [join(repository.commonDir, 'logs', ref), join(gitDir, 'logs', 'HEAD')]
  for (const log of logs) {
    for (const commit of await loggedIn(log)) {
      if (!(await isWhole(repository, commit))) continue
      await moveRef(repository.place, ref, tip, commit, 'coppice: what was on it is lost since a power cut')
      return
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

async function makeIndexAnew(site: Site, gitDir: string, ref: string): Promise<void> {
  const indexFile = join(gitDir, 'index')
  const place = { ...site.repository.place, indexFile }
  if (!(await isThere(indexFile)) || (await isIndexWhole(place))) return
  const aside = gitAsideOf(site)
  await mkdir(aside, { recursive: true })
  await rename(indexFile, join(aside, `index~${randomUUID()}`))
  await git(place, { args: ['read-tree', `${ref}^{tree}`], answers: [128] })
}

/** Whether git can read an index, and has all that it names; a submodule's commit is in a repository of its own. */
async function isIndexWhole(place: Repository['place'] & { readonly indexFile: string }): Promise<boolean> {
  const { exitCode, stdout } = await git(place, { args: ['ls-files', '--stage', '-z'], answers: [128] })
  if (exitCode !== 0) return false
  const entries = splitNul(stdout).map((line) => line.toString('latin1').split(' ', 2))
  const oids = entries.flatMap(([mode, oid]) => (mode === '160000' || oid === undefined ? [] : [oid]))
  const input = `${oids.join('\n')}\n`
  const { stdout: found } = await git(place, { args: ['cat-file', '--batch-check=%(objectname)'], input })
  return !found.includes(' missing')
}
