import type { Files } from '../git-model/files.js'
import type { SimulatedRepository } from '../git-model/repository.js'
import type { RecordedFact } from '@coppice/core'
import type { SimulatedWorld } from '../world/simulated-world.js'
import { BrokenPromise } from './broken-promise.js'
import { heldBy } from './held.js'

/**
 * Whatever an agent or a person did last in each worktree is somewhere: in a worktree, staged in one, or in a commit that a
 * branch, a pin or a worktree's reflog names; and so is all that a checkpoint in the log speaks of.
 *
 * @throws {BrokenPromise} with what is nowhere any more
 */
export function assertNothingLost({ repository, disk }: SimulatedWorld): void {
  const held = heldBy(repository)
  const { files, staged, commits } = repository.work
  for (const [path, each] of files) requireContents(each, held.contents, `written in ${path}`)
  for (const [gitDir, each] of staged) requireContents(each, held.contents, `staged in ${gitDir}`)
  for (const commit of [...commits.values()].flat()) {
    if (!held.commits.has(commit)) throw new BrokenPromise(`the commit ${commit} is held by nothing any more`)
  }
  for (const fact of disk.after(0)) requirePinned(fact, repository)
}

function requireContents(files: Files, contents: ReadonlySet<string>, where: string): void {
  for (const [path, { content }] of files) {
    if (!contents.has(content))
      throw new BrokenPromise(`${JSON.stringify(content)}, ${where}, ${path}, is nowhere any more`)
  }
}

function requirePinned(fact: RecordedFact, { refs }: SimulatedRepository): void {
  if (fact.type !== 'checkpoint.taken') return
  const { ref, commit } = fact.data.checkpoint
  if (refs.get(ref) !== commit)
    throw new BrokenPromise(`the checkpoint of fact #${fact.sequence} is not held by ${ref}`)
}
