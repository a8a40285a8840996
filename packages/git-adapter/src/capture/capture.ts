import type { TaskState } from '@coppice/core'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { WorktreeBrokenError } from '../errors/worktree-errors.js'
import { resolveOne, resolveSized, writeTree, type SizedObject } from '../git/objects.js'
import type { Place } from '../git/place.js'
import { branchRef } from '../git/refs.js'
import { git } from '../git/run.js'
import { readHead, type Head } from '../repository/head.js'
import { privateGit } from '../repository/private-git.js'
import { upToDate } from '../repository/settings.js'
import type { Site } from '../site.js'
import { whereabouts } from '../survey/whereabouts.js'
import { lastCommit } from '../worktree/last-commit.js'
import { strangeness } from '../worktree/ownership.js'
import { readySince } from '../worktree/ready-since.js'
import { captureCarried } from './carried.js'
import { captureFiles, type CapturedFiles, type Files } from './capture-files.js'
import { doubtsOf, storedFiles } from './doubtful.js'
import { expecting } from './expected.js'
import { signOf } from '../files/sign.js'
import { isThere } from '../files/look.js'
import { withIndexCopy } from './index-copy.js'
import { canonicalIndex } from './index-rewrite.js'
import { learnTimes } from './index-times.js'
import type { Look } from './kept-looks.js'
import { indexOf, lookAgain } from './look-again.js'
import { rulesOf } from './rules.js'
import { nestedRepositories } from './nested.js'
import { captureOperation } from './operation-files.js'
import { isPossible } from './possible-path.js'
import { keepsMoreThanATree, storeIndex } from './raw-index.js'
import { isSubmodule, populatedSubmodules } from './submodules.js'
import { MANY_DOUBTFUL } from './thresholds.js'

/** All content of a worktree as objects; nothing refers to them yet, and nothing of the worktree was changed. */
export interface Capture {
  /** Null before the first commit of the branch that HEAD is on. */
  readonly head: string | null
  readonly headTree: string | null
  readonly branch: string | null
  readonly tip: string | null
  readonly index: string
  readonly rawIndex: string | null
  /** Whether the index holds the sides of an unresolved conflict. */
  readonly unmerged: boolean
  /** Every object that `rawIndex` names, each as `<mode> <type> <id>`. */
  readonly indexed: readonly string[]
  readonly tree: string
  /** The tree of the ignored files that are carried along, or null. */
  readonly carried: string | null
  /** The tree of what git keeps of an operation that is under way, or null. */
  readonly operation: string | null
  /** The git directory that all this was taken from. */
  readonly gitDir: string
  readonly uncaptured: readonly string[]
  /** What the next capture can build upon, if anything. */
  readonly look: Look | null
  /** Paths, as Latin-1 text, of which the tree has the file and the index what a filter left of it: nothing is left to stage. */
  readonly settled: ReadonlySet<string>
}

/**
 * Takes the content of a task's worktree, in its place. What is not the worktree that was made there is not read; and where it
 * was taken away meanwhile, what was read is not it.
 *
 * @throws {WorktreeBrokenError} for what is not the worktree
 * @throws {RestlessWorktreeError} when no two looks agreed
 */
export async function capture(site: Site, task: TaskState, signal?: AbortSignal): Promise<Capture> {
  await requireOwn(site, task)
  const content = await captureContent(site, task, signal)
  await requireOwn(site, task)
  return content
}

async function requireOwn(site: Site, task: TaskState): Promise<void> {
  const { gitDir, path, id } = task
  const strange = gitDir === null ? null : await strangeness(site.repository, path, gitDir, id)
  if (strange === null) return
  const found = await whereabouts(site, task)
  throw new WorktreeBrokenError(path, strange, found?.path === path ? null : (found?.path ?? null))
}

/**
 * Takes a worktree's content wherever it lies: HEAD, index and files. It works on a copy of the index, with a git directory of the
 * engine's own, and looks again until two looks agree, so that a file that changes while it is read is never
 * captured half old and half new.
 *
 * @throws {RestlessWorktreeError} when no two looks agreed
 */
export async function captureContent(site: Site, known: TaskState, signal?: AbortSignal): Promise<Capture> {
  const { gitDir, head } = await placed(known)
  const task = { ...known, gitDir }
  const kept = site.looks?.find(task.id) ?? null
  const again = kept === null ? null : await lookAgain(site, task, kept, signal)
  if (kept === null || again === null) return captureAnew(site, task, head, { signal })
  const found = await resolveSized(site.repository.place, revisionsOf(task, head))
  return { ...kept, ...(await standing(site, task, gitDir, head, found)), ...again }
}

/**
 * The same with nothing taken for granted from a look before, of files that are about to be deleted: most likely they are as the
 * newest checkpoint has them, which one look tells then. What has come to be ignored since is captured if the checkpoint has it.
 */
export async function captureLast(site: Site, task: TaskState, signal?: AbortSignal): Promise<Capture> {
  const { gitDir, head } = await placed(task)
  const expected = task.checkpoint?.tree ?? null
  return captureAnew({ ...site, looks: null }, { ...task, gitDir }, head, { expected, signal })
}

/** Where a worktree stands. */
async function placed({
  gitDir,
  path,
}: TaskState): Promise<{ readonly gitDir: string; readonly head: Head }> {
  if (gitDir === null) throw new WorktreeBrokenError(path, 'it has no git directory')
  const head = await readHead(gitDir)
  if (head === null) throw new WorktreeBrokenError(path, 'its HEAD cannot be read')
  return { gitDir, head }
}

interface Anew {
  /** The tree that the files most likely are; null where that is only what is staged. */
  readonly expected?: string | null
  readonly signal: AbortSignal | undefined
}

async function captureAnew(
  opened: Site,
  task: TaskState & { readonly gitDir: string },
  head: Head,
  { expected = null, signal }: Anew,
): Promise<Capture> {
  const { gitDir, path } = task
  const signature = signOf(join(gitDir, 'index'))
  const site = await upToDate(opened)
  const rules = rulesOf(site)
  const raw = await privateGit(site, 'raw')
  const oidLength = task.base.commit.length / 2
  return withIndexCopy(site, { path, gitDir, oidLength }, async (copy) => {
    const place = { ...raw, workTree: path, indexFile: copy.file }
    const revisions = revisionsOf(task, head)
    const oids = storedFiles(copy.entries).map(({ oid }) => oid)
    const found = await resolveSized(site.repository.place, [...revisions, ...oids])
    const at = await standing(site, task, gitDir, head, found)
    const handed = { workTree: path, since: await readySince(gitDir) }
    const { entries: doubtful, settled } = await doubtsOf(site, handed, copy, found.slice(revisions.length))
    await copy.forget(doubtful)
    const { entries: all } = copy
    const entries = all.filter(isPossible)
    if (entries.length < all.length) await writeFile(copy.file, canonicalIndex(entries, oidLength))
    const unmerged = entries.some(({ stage }) => stage > 0)
    const staged = unmerged ? null : await writeTree(place, signal)
    const isMore = entries.length < all.length || all.some(keepsMoreThanATree)
    const stored = isMore ? await storeIndex(place, all, oidLength) : null
    const submodules = await populatedSubmodules(path, gitDir, entries)
    const operation = await captureOperation(site, task, gitDir)
    const isExpected = expected !== null && staged !== null && stored === null && settled.size === 0
    const begun = isExpected ? await expecting(place, staged, expected, signal) : staged
    // A last look reads each of them once in any case.
    if (expected === null && staged !== null && doubtful.length > MANY_DOUBTFUL)
      await learnTimes(place, signal)
    const files = { place, task: task.id, oidLength, entries, staged: begun }
    const { tree, uncaptured, carried, directories } = await captureAll(files, signal)
    const isPlain =
      !unmerged && stored === null && operation === null && carried === null && settled.size === 0
    const canBeKept =
      opened.looks !== null &&
      isPlain &&
      uncaptured.length + submodules.length === 0 &&
      !entries.some(isSubmodule)
    const isKept = canBeKept && signature !== null && (await isThere(copy.file))
    return {
      ...at,
      index: staged ?? at.headTree ?? tree,
      rawIndex: stored?.blob ?? null,
      unmerged,
      indexed: stored?.objects ?? [],
      tree,
      carried,
      operation,
      gitDir,
      uncaptured: [...new Set([...uncaptured, ...submodules])],
      settled,
      look: isKept ? { site, signature, rules, directories, ...(await indexOf(copy.file, oidLength)) } : null,
    }
  })
}

/** The commit and the tree of HEAD, and the task's branch. */
function revisionsOf({ branch }: TaskState, { revision }: Head): readonly string[] {
  return [`${revision}^{commit}`, `${revision}^{tree}`, branchRef(branch)]
}

/** All files that a checkpoint holds, and what it cannot hold. The last look at the files has found nothing new. */
export async function captureAll(
  files: Files,
  signal?: AbortSignal,
): Promise<CapturedFiles & Pick<Capture, 'carried'> & Pick<Look, 'directories'>> {
  const first = await captureFiles(files, signal)
  const { tree: carried, uncaptured } = await captureCarried(files, signal)
  const last =
    carried === null ? first : await captureFiles({ ...files, staged: first.tree, entries: [] }, signal)
  const { repositories, directories } = await nestedRepositories(files, signal)
  return { ...last, carried, directories, uncaptured: [...last.uncaptured, ...uncaptured, ...repositories] }
}

/** Where a worktree stands, from what the commit and the tree of its HEAD and the tip of its branch were found to be. */
async function standing(
  { repository }: Site,
  task: TaskState,
  gitDir: string,
  { revision, branch }: Head,
  [commit, tree, tip]: readonly (SizedObject | null)[],
): Promise<Pick<Capture, 'head' | 'headTree' | 'branch' | 'tip'>> {
  if (commit != null) return { head: commit.oid, headTree: tree?.oid ?? null, branch, tip: tip?.oid ?? null }
  // A branch without a commit is the one thing that HEAD can name and that is not there.
  if (branch === null || (await isBroken(repository.place, revision))) {
    throw new WorktreeBrokenError(task.path, `its HEAD names ${revision}, which has no commit`)
  }
  // The task's own had one until it was deleted, and the files go on from there.
  const last = branch === task.branch ? await lastCommit(repository.place, task, gitDir) : null
  const headTree = last === null ? null : await resolveOne(repository.place, `${last}^{tree}`)
  return { head: last, headTree, branch, tip: tip?.oid ?? null }
}

/** Whether a ref is there without the commit that it ought to name; git ends with 128 where the object is missing. */
async function isBroken(place: Place, ref: string): Promise<boolean> {
  const { exitCode } = await git(place, { args: ['show-ref', '--verify', '--quiet', ref], answers: [1, 128] })
  return exitCode !== 1
}
