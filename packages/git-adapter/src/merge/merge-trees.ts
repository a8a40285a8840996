import { mkdir, rm } from 'node:fs/promises'
import { withIndexFile } from '../capture/index-slot.js'
import { gitFailure } from '../errors/git-errors.js'
import { splitNul } from '../git/nul.js'
import type { Place } from '../git/place.js'
import { git } from '../git/run.js'
import { privateGit } from '../repository/private-git.js'
import type { MergePlan } from './plan.js'

export type MergedTree =
  | { readonly clean: true; readonly tree: string }
  | { readonly clean: false; readonly files: readonly string[] }

/**
 * Merges two commits in the object database; no file is checked out. Where files have changed on both sides, the target's
 * attributes say how they are merged, as far as git can do that itself (`-merge`, `merge=union`): a driver is a command, and
 * none is known here.
 */
export async function mergeTrees(
  plan: MergePlan,
  ours: string,
  theirs: string,
  signal?: AbortSignal,
): Promise<MergedTree> {
  const { place } = plan
  const merged = await merge(place, ours, theirs, signal)
  if (!merged.isOfContents) return merged.outcome
  return withAttributes(plan, async (workTree) => {
    return workTree === null
      ? merged.outcome
      : (await merge({ ...place, workTree }, ours, theirs, signal)).outcome
  })
}

interface Merge {
  readonly outcome: MergedTree
  /** Whether a file had changed on both sides. */
  readonly isOfContents: boolean
}

/** What git says, in every language, of a file that has changed on both sides. */
const OF_CONTENTS = 'Auto-merging'

async function merge(place: Place, ours: string, theirs: string, signal?: AbortSignal): Promise<Merge> {
  const args = ['merge-tree', '--write-tree', '-z', '--name-only', '--messages', ours, theirs]
  const { exitCode, stdout, stderr } = await git(place, { args, answers: [1] }, signal)
  const [tree, ...rest] = splitNul(stdout).map((field) => field.toString('utf8'))
  // A revision that names nothing exits 1 too, as a conflict does, but without a tree.
  if (tree === undefined || !/^[0-9a-f]{40,64}$/.test(tree)) throw gitFailure(args, exitCode, stderr)
  // What git says follows the names, after an empty field.
  const names = rest.slice(0, rest.indexOf(''))
  const outcome: MergedTree =
    exitCode === 0 ? { clean: true, tree } : { clean: false, files: [...new Set(names)] }
  return { outcome, isOfContents: rest.includes(OF_CONTENTS) }
}

const ATTRIBUTES = ':(glob)**/.gitattributes'

/** Works in a directory with nothing but the target's `.gitattributes` files; null where it has none. */
function withAttributes<T>(
  { site, base }: MergePlan,
  work: (workTree: string | null) => Promise<T>,
): Promise<T> {
  return withIndexFile(site, async (indexFile) => {
    const workTree = `${indexFile}.files`
    try {
      await mkdir(workTree)
      const place = { ...(await privateGit(site, 'raw')), indexFile, workTree }
      const args = ['checkout', '--quiet', base, '--', ATTRIBUTES]
      const { exitCode, stderr } = await git(place, { args, answers: [1] })
      if (exitCode !== 0 && !stderr.includes('did not match any')) throw gitFailure(args, exitCode, stderr)
      return await work(exitCode === 0 ? workTree : null)
    } finally {
      await rm(workTree, { recursive: true, force: true })
    }
  })
}
