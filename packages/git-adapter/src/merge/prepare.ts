import type { EffectContext, MergeInProgress, PrepareOutcome, Rejected, TaskState } from '@coppice/core'
import { MAX_LISTED_FILES } from '@coppice/core'
import { capture, type Capture } from '../capture/capture.js'
import { committable } from '../capture/committable.js'
import { isPinned, pin } from '../capture/pin.js'
import { isThere } from '../files/look.js'
import { commitTree, isAncestor, resolve, type Signature } from '../git/objects.js'
import type { Place } from '../git/place.js'
import { pinRef, resolveBranch, setRef } from '../git/refs.js'
import { userIdentity } from '../repository/identity.js'
import { workInProgress } from '../repository/operation.js'
import { privateGit } from '../repository/private-git.js'
import type { Site } from '../site.js'
import { rejected } from './rejected.js'
import { standsFor } from './stands-for.js'
import { strategies } from './strategies.js'

/**
 * Computes the commit that will land from exactly what the newest checkpoint holds. It is pinned, so that no
 * housekeeping collects it while it is verified.
 */
export async function prepareMerge(
  site: Site,
  task: TaskState,
  merge: MergeInProgress,
  context: EffectContext,
): Promise<PrepareOutcome> {
  const { repository } = site
  if (!(await isThere(task.path))) return { kind: 'missing' }
  // To ask git for it takes as long as a part of the capture, and needs nothing of it.
  const asked = userIdentity(repository)
  asked.catch(() => undefined)
  const content = site.looks?.findOf(task.id, context.round) ?? (await capture(site, task, context.signal))
  if (!isPinned(task, content)) {
    const request = { task, message: `before ${task.id} is merged`, at: context.at }
    const checkpoint = await pin(repository.place, content, request)
    site.looks?.keep(task.id, content, context.round)
    return { kind: 'pinned', checkpoint }
  }
  site.looks?.keep(task.id, content, context.round)
  const base = await resolveBranch(repository.place, merge.into)
  if (base === null) return rejected('base-missing', `there is no branch ${merge.into} to merge into`)
  if ((await standsFor(repository, merge.into)) === task.branch) return rejected('error', OWN_BRANCH)
  const obstacle = await obstacleIn(repository.place, content, task)
  if (obstacle !== null) return obstacle
  const identity = await asked
  if (identity === null) return rejected('no-identity', NO_IDENTITY)

  const by: Signature = { ...identity, at: context.at }
  const place = await privateGit(site, 'plain')
  const tip = await tipOf(site, content, task, merge, by)
  if (typeof tip !== 'string') return tip
  const merged = await strategies[merge.strategy]({ site, place, task, merge, base, tip, by }, context.signal)
  if (merged.kind === 'not-fast-forward') {
    return rejected('not-fast-forward', `${merge.into} has commits that ${task.branch} has not`)
  }
  if (merged.kind === 'conflicted') {
    const { files } = merged
    return { kind: 'conflicted', data: { files: files.slice(0, MAX_LISTED_FILES), fileCount: files.length } }
  }
  await setRef(repository.place, pinRef(task.id, 'merge'), merged.commit, 'coppice: merge prepared')
  const [tree] = await resolve(place, [`${merged.commit}^{tree}`])
  return { kind: 'prepared', data: { commit: merged.commit, tree: tree ?? '', base, tip } }
}

/** It would land where it is already, and go with the task. */
const OWN_BRANCH = 'the branch to merge into is the task’s own; name the one that is to have its work'

const NO_IDENTITY =
  'git knows no name and address for the merge; ' +
  'set them with `git config user.name "Your Name"` and `git config user.email you@example.org`'

/** What makes it unclear which content is meant: a merge never guesses. */
async function obstacleIn(
  repository: Place,
  content: Capture,
  task: TaskState,
): Promise<PrepareOutcome | null> {
  if (content.unmerged) {
    return rejected(
      'worktree-unmerged',
      'the worktree is in the middle of a merge with conflicts; finish it first',
    )
  }
  const operation = await workInProgress(content.gitDir)
  if (operation !== null) {
    const message = `the worktree is in the middle of ${operation}; finish it or abort it first`
    return rejected('worktree-unmerged', message)
  }
  const { head, tip, branch } = content
  if (head !== null && (tip === null || (await isAncestor(repository, tip, head)))) return null
  const where = branch === null ? 'HEAD is detached' : `HEAD is on ${branch}`
  const message = `${where}, and ${task.branch} has commits that are not in it; check out ${task.branch} and bring the two together`
  return rejected('branch-diverged', message)
}

/** The commit to merge: HEAD, with a commit on top of what was staged, unstaged or untracked. */
async function tipOf(
  site: Site,
  content: Capture,
  task: TaskState,
  merge: MergeInProgress,
  by: Signature,
): Promise<string | Rejected> {
  const { head, headTree } = content
  if (head === null) throw new TypeError('there is no commit to merge')
  const { tree, filtered, refusal } = await committable(site, content)
  if (filtered.length > 0) {
    const message = 'files that a git filter converts have changes that are not committed; commit them first'
    return rejected('error', message, { files: filtered })
  }
  if (refusal !== null) return rejected('error', `git cannot commit the files as they are: ${refusal}`)
  if (tree === headTree) return head
  const message = `${merge.message ?? task.title ?? task.id}\n`
  const parents = [head]
  return commitTree(site.repository.place, { tree, parents, message, author: by, committer: by })
}
