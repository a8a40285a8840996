import { taskOf, type RecordedFact } from '@coppice/core'
import { isSameFile, type Files } from '../git-model/files.js'
import type { SimulatedRepository } from '../git-model/repository.js'
import type { Placement } from '../world/placement.js'
import type { SimulatedWorld } from '../world/simulated-world.js'
import { BrokenPromise } from './broken-promise.js'

/** What a worktree holds at least: a checkpoint's content, or a base's where there is none yet. */
interface Content {
  readonly name: string
  readonly head: string | null
  readonly index: Files
  readonly files: Files
}

/**
 * Whenever a task got a worktree, because it was made, resumed or restored, or because the one before was lost, that had all of
 * the newest checkpoint that was durable by then: its commit, its index and its files. Or it was at a later commit, of
 * those that the agent had come to since.
 *
 * @throws {BrokenPromise} with what was older than that, or only a part of it
 */
export function assertNewestComesBack({ repository, disk, placements }: SimulatedWorld): void {
  const facts = disk.after(0)
  for (const placement of placements) {
    const newest = newestOf(repository, facts.slice(0, placement.durable), placement.task)
    if (newest === null) continue
    if (placement.commit === newest.head) requireSame(placement, newest)
    else requireLater(repository, placement, newest)
  }
}

function newestOf(
  { objects }: SimulatedRepository,
  facts: readonly RecordedFact[],
  task: string,
): Content | null {
  let newest: Content | null = null
  for (const { stream, type, data } of facts) {
    if (taskOf(stream) !== task) continue
    if (type === 'checkpoint.taken') {
      const { number, head, index, tree } = data.checkpoint
      newest = { name: `checkpoint ${number}`, head, index: objects.files(index), files: objects.files(tree) }
    } else if (type === 'task.requested') {
      const { commit } = data.base
      const files = objects.filesAt(commit)
      newest = { name: 'its base', head: commit, index: files, files }
    }
  }
  return newest
}

function requireSame(placement: Placement, { name, index, files }: Content): void {
  const lacking = differing(placement.files, files)
  if (lacking !== null) throw broken(placement, `${lacking} is not as in ${name}`)
  const unstaged = differing(placement.index, index)
  if (unstaged !== null) throw broken(placement, `${unstaged} is not staged as in ${name}`)
}

function requireLater({ objects }: SimulatedRepository, placement: Placement, { name, head }: Content): void {
  const { commit, heads } = placement
  if (commit === null) throw broken(placement, `it has no commit, and ${name} has`)
  if (heads.lastIndexOf(commit) <= heads.lastIndexOf(head ?? ''))
    throw broken(placement, `it is at ${commit}, and ${name} at ${head ?? 'no commit'}`)
  const lacking = differing(placement.files, objects.filesAt(commit))
  if (lacking !== null) throw broken(placement, `${lacking} is not as in ${commit}, where HEAD is`)
}

/** A path at which files are not the same, or null. */
function differing(one: Files, other: Files): string | null {
  const paths = [...one.keys(), ...other.keys()]
  return paths.find((path) => !isSameFile(one.get(path), other.get(path))) ?? null
}

function broken({ task }: Placement, why: string): BrokenPromise {
  return new BrokenPromise(`${task} came back with less than there was: ${why}`)
}
