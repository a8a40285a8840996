import type { Checkpoint, TaskState } from '@coppice/core'
import type { Signature } from '../../git-model/objects.js'
import { pinRef } from '../../git-model/refs.js'
import type { Capture } from './capture.js'
import type { SimulatedSite } from './site.js'

/** What a pin is for: its task, a message, and the time (ISO 8601). */
export interface PinRequest {
  readonly task: TaskState
  readonly message: string
  readonly at: string
}

/** Checkpoints are the engine's own. */
export const ENGINE = { name: 'Coppice', email: 'coppice@localhost' }

/**
 * Holds a capture by a ref. One of that number may be left from a crash before its fact was recorded: one with the same
 * content is taken over, any other keeps its number and the next one is used.
 */
export async function pin(site: SimulatedSite, capture: Capture, request: PinRequest): Promise<Checkpoint> {
  const { repository, steps } = site
  const commit = commitOf(site, capture, request)
  const { id, checkpoint } = request.task
  for (let number = (checkpoint?.number ?? 0) + 1; ; number++) {
    const ref = pinRef(id, `checkpoints/${number}`)
    await steps.step('pin the worktree')
    if (!repository.refs.move(ref, null, commit) && repository.refs.get(ref) !== commit) continue
    const { head, branch, tip, index, tree } = capture
    return { number, ref, commit, head, branch, tip, index, rawIndex: null, tree, uncaptured: [] }
  }
}

/** Whether a task's newest checkpoint holds all of a capture. */
export function isPinned({ checkpoint }: TaskState, capture: Capture): boolean {
  return (
    checkpoint !== null &&
    checkpoint.tree === capture.tree &&
    checkpoint.index === capture.index &&
    checkpoint.head === capture.head &&
    checkpoint.branch === capture.branch &&
    checkpoint.tip === capture.tip
  )
}

/** One commit that reaches everything: HEAD itself when there is nothing beside it. */
function commitOf({ repository }: SimulatedSite, capture: Capture, { message, at }: PinRequest): string {
  const { head, headTree, tip, index, tree } = capture
  const by: Signature = { ...ENGINE, at }
  const write = (of: string, parents: readonly string[], text: string): string =>
    repository.objects.writeCommit({ tree: of, parents, message: `${text}\n`, author: by, committer: by })
  const below = head === null ? [] : [head]
  const parents = [...below]
  if (index !== headTree) parents.push(write(index, below, 'what was staged'))
  if (tip !== null && tip !== head) parents.push(tip)
  if (head !== null && tree === headTree && parents.length === 1) return head
  return write(tree, parents, message)
}
