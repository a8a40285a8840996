import type { LeakSight, TaskState } from '@coppice/core'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { kindOf } from '../capture/path-kind.js'
import { lookAt, readBytes } from '../files/look.js'
import { resolve } from '../git/objects.js'
import { splitNul } from '../git/nul.js'
import { git } from '../git/run.js'
import { privateGit } from '../repository/private-git.js'
import { withScratch } from '../scratch.js'
import type { Site } from '../site.js'

/** Uncommitted paths of the main checkout that are looked at; where there are more, they are nobody's slip. */
const MAX_PATHS = 1_000

/** Bytes of the largest file that is compared. */
const MAX_BYTES = 1_048_576

/**
 * Files of the main checkout that are as nobody has committed them, and that a task's worktree has byte for byte alike
 * although the task did not start with them: an agent may have written to the wrong place. A guess, and told as one.
 */
export async function surveyLeaks(site: Site, tasks: readonly TaskState[]): Promise<readonly LeakSight[]> {
  const { mainWorkTree } = site.repository
  const present = tasks.filter(({ worktree }) => worktree === 'present')
  if (mainWorkTree === null || present.length === 0) return []
  const paths = await uncommitted(site, mainWorkTree)
  if (paths.length > MAX_PATHS) return []
  const found: LeakSight[] = []
  for (const name of paths) {
    const content = await contentAt(mainWorkTree, name)
    if (content === null) continue
    for (const task of present) {
      const theirs = await contentAt(task.path, name)
      if (theirs === null || !theirs.equals(content)) continue
      const path = name.toString('utf8')
      if (await isNew(site, task, path, content))
        found.push({ task: task.id, path: join(mainWorkTree, path) })
    }
  }
  return found
}

/** Changed and untracked files, asked with a git directory of our own, which runs no filter and writes no index. */
function uncommitted(site: Site, workTree: string): Promise<readonly Buffer[]> {
  return withScratch(site, async (scratch) => {
    const raw = await privateGit(scratch, 'raw')
    const place = { ...raw, workTree, indexFile: join(site.repository.commonDir, 'index') }
    const questions = [
      ['diff-files', '-z', '--name-only', '--no-ext-diff'],
      ['ls-files', '-z', '--others', '--exclude-standard'],
    ]
    const answers = await Promise.all(questions.map((args) => git(place, { args, answers: [1, 128] })))
    return answers.flatMap(({ exitCode, stdout }) => (exitCode === 0 ? splitNul(stdout) : []))
  })
}

async function contentAt(root: string, name: Buffer): Promise<Buffer | null> {
  if ((await kindOf(root, name)) !== 'file') return null
  const path = Buffer.concat([Buffer.from(`${root}/`), name])
  const size = (await lookAt(path))?.size ?? MAX_BYTES
  return size === 0 || size >= MAX_BYTES ? null : readBytes(path)
}

/** Whether neither the task's base nor what is checked out has the content at that path. */
async function isNew(
  { repository }: Site,
  { base }: TaskState,
  path: string,
  content: Buffer,
): Promise<boolean> {
  const hash = createHash(base.commit.length === 64 ? 'sha256' : 'sha1')
  const oid = hash.update(`blob ${content.length}\0`).update(content).digest('hex')
  const revisions = path.includes('\n') ? [] : [`${base.commit}:${path}`, `HEAD:${path}`]
  return revisions.length > 0 && !(await resolve(repository.place, revisions)).includes(oid)
}
