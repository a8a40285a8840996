import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openCoppice } from 'coppice'
import { agentRuns, contentOf, type Content } from '../../git-adapter/helpers/tree.js'
import { coppice as run } from '../../helpers/coppice-command.js'
import { logFile } from '../../helpers/damaged-log.js'
import type { TestRepository } from '../../helpers/repository.js'

/** What tasks held before their log was lost. */
export interface Before {
  /** By id, of those that have a worktree. */
  readonly present: Readonly<Record<string, Content>>
  /** By id, of those whose worktree was given back. */
  readonly givenBack: Readonly<Record<string, Content>>
  /** By name, of what is not Coppice's. */
  readonly foreign: Readonly<Record<string, unknown>>
}

const EDITS =
  'echo one > committed; git add committed; git commit -qm one; echo s > staged; git add staged; echo u > loose; echo x >> README.md'

/** Makes a task in every status, and things of a person's that look like tasks' or are beside them. */
export async function inEveryStatus(user: TestRepository): Promise<Before> {
  const coppice = await openCoppice({ repo: user.path })
  const made = async (id: string, script: string): Promise<{ path: string; content: Content }> => {
    const { path } = await coppice.create({ id, title: `the title of ${id}` })
    agentRuns(user, path, script)
    return { path, content: contentOf(user, path) }
  }
  await made('fresh', 'true')
  await made('dirty', EDITS)
  await made('pinned', EDITS)
  await coppice.task('pinned').checkpoint()
  await made('committed', 'echo c > c; git add c; git commit -qm c')
  await made('conflicted', CONFLICT)
  await made('detached', 'echo d > d; git add d; git commit -qm d; git checkout -q --detach; echo e > e')
  const parked = await made('parked', EDITS)
  await coppice.task('parked').park()
  const unmerged = await made('unmerged', CONFLICT)
  await coppice.task('unmerged').park()
  const abandoned = await made('abandoned', EDITS)
  await coppice.task('abandoned').abandon()
  await made('merged', EDITS.replaceAll('committed', 'merged'))
  await coppice.task('merged').merge()
  await made('squashed', 'echo q > q')
  await coppice.task('squashed').merge({ strategy: 'squash' })
  await made('merging', 'echo m > m')
  await coppice.close()
  // The command is killed by what it asks to verify the merge.
  await run(user, ['merge', 'merging', '--verify', 'kill -9 $PPID; sleep 1'])
  const foreign = foreignTo(user)
  beginCreation(user, 'begun')
  const paths = ['fresh', 'dirty', 'pinned', 'committed', 'conflicted', 'detached', 'merging']
  return {
    present: Object.fromEntries(paths.map((id) => [id, contentOf(user, worktreeOf(user, id))])),
    givenBack: { parked: parked.content, unmerged: unmerged.content, abandoned: abandoned.content },
    foreign,
  }
}

const CONFLICT = `git checkout -qb side; echo a > f; git add f; git commit -qm a
git checkout -q -; echo b > f; git add f; git commit -qm b; git merge -q side || true; git branch -qD side`

/** What a person has that is no task's, as it is now. */
export function foreignTo(user: TestRepository): Readonly<Record<string, unknown>> {
  const path = join(user.scratch, 'foreign')
  const isNew = !user.git('branch', '--list', 'coppice/mine').includes('mine')
  if (isNew) {
    user.git('branch', 'coppice/mine')
    user.git('worktree', 'add', '--quiet', path, '-b', 'foreign')
    writeFileSync(join(path, 'draft.txt'), 'a draft\n')
  }
  return {
    branch: user.git('rev-parse', 'coppice/mine'),
    worktree: contentOf(user, path),
    checkout: user.git('status', '--porcelain'),
  }
}

/** As a creation leaves it that was killed while it filled the worktree. */
function beginCreation(user: TestRepository, id: string): void {
  const staging = join(worktreeOf(user, id), '..', '.making', `${id}+coppice`)
  user.git('branch', `coppice/${id}`)
  mkdirSync(staging, { recursive: true })
  user.git('worktree', 'add', '--quiet', '--no-checkout', staging, `coppice/${id}`)
  writeFileSync(join(user.path, '.git/worktrees', `${id}+coppice`, 'coppice-task'), `${id}\n`)
}

export function worktreeOf(user: TestRepository, id: string): string {
  return join(`${user.path}.worktrees`, id)
}

/** Takes the log away, and leaves everything else. */
export function loseLog(user: TestRepository): void {
  rmSync(join(user.path, '.git/coppice/log'), { recursive: true })
}

/** Overwrites a part of a line of the log, so that no repair can tell what it was; from its end, if negative. */
export function damageLog(user: TestRepository, offset: number): void {
  const bytes = readFileSync(logFile(user))
  bytes.write('XXXXXX', offset < 0 ? bytes.length + offset : offset, 'latin1')
  writeFileSync(logFile(user), bytes)
}
