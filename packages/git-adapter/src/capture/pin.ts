import type { Checkpoint, TaskState } from '@coppice/core'
import { MAX_LISTED_FILES } from '@coppice/core'
import { commitTree, resolveOne } from '../git/objects.js'
import type { Place } from '../git/place.js'
import { moveRef, pinRef } from '../git/refs.js'
import { syncFileSystems } from '../git/sync.js'
import { ENGINE } from '../repository/identity.js'
import type { Capture } from './capture.js'
import { holdOperation } from './operation-files.js'
import { holderOf } from './raw-index.js'

/** What a pin is for: its task, a message, and the time (ISO 8601). */
export interface PinRequest {
  readonly task: TaskState
  readonly message: string
  readonly at: string
}

/**
 * Holds a capture by a ref, so that git never collects it. A ref of that number may be left from a crash before its
 * fact was recorded: one with the same content is taken over, any other keeps its number and the next one is used. The
 * objects are on the disk before that, those too that an agent's git wrote, which does not sync; and so are the files, for
 * after a power cut a worktree has to be at least what was pinned of it.
 */
export async function pin(repository: Place, capture: Capture, request: PinRequest): Promise<Checkpoint> {
  const commit = await commitOf(repository, capture, request)
  await syncFileSystems(repository.gitDir, request.task.path)
  for (let number = (request.task.checkpoint?.number ?? 0) + 1; ; number++) {
    const ref = pinRef(request.task.id, `checkpoints/${number}`)
    const pinned = await moveRef(repository, ref, null, commit, 'coppice: checkpoint')
    if (pinned || (await resolveOne(repository, ref)) === commit) {
      const { head, branch, tip, index, rawIndex, tree } = capture
      const carried = capture.carried === null ? {} : { carried: capture.carried }
      const operation = capture.operation === null ? {} : { operation: capture.operation }
      const uncaptured = capture.uncaptured.slice(0, MAX_LISTED_FILES)
      const rare = { ...carried, ...operation }
      return { number, ref, commit, head, branch, tip, index, rawIndex, tree, ...rare, uncaptured }
    }
  }
}

/** Whether a task's newest checkpoint holds all of a capture. */
export function isPinned({ checkpoint }: TaskState, capture: Capture): boolean {
  return (
    checkpoint !== null &&
    checkpoint.tree === capture.tree &&
    checkpoint.index === capture.index &&
    checkpoint.rawIndex === capture.rawIndex &&
    (checkpoint.carried ?? null) === capture.carried &&
    (checkpoint.operation ?? null) === capture.operation &&
    checkpoint.head === capture.head &&
    checkpoint.branch === capture.branch &&
    checkpoint.tip === capture.tip &&
    checkpoint.uncaptured.join('\0') === capture.uncaptured.slice(0, MAX_LISTED_FILES).join('\0')
  )
}

/** Of the commit beside a checkpoint's own that has the ignored files which are carried along. */
export const CARRIED_MESSAGE = 'what is carried along'

/** One commit that reaches everything: HEAD itself when there is nothing beside it. */
async function commitOf(repository: Place, capture: Capture, request: PinRequest): Promise<string> {
  const { head, headTree, tip, index, rawIndex, indexed, tree, carried, operation } = capture
  const below = head === null ? [] : [head]
  const parents = [...below]
  if (rawIndex !== null || index !== headTree) {
    const stored = rawIndex === null ? null : { blob: rawIndex, objects: indexed }
    const staged = stored === null ? index : await holderOf(repository, stored, index)
    parents.push(await commitTree(repository, signed(staged, below, 'what was staged', request)))
  }
  if (tip !== null && tip !== head) parents.push(tip)
  if (carried !== null) {
    parents.push(await commitTree(repository, signed(carried, below, CARRIED_MESSAGE, request)))
  }
  if (operation !== null) {
    const held = { tree: operation, head, gitDir: capture.gitDir, by: { ...ENGINE, at: request.at } }
    parents.push(await holdOperation(repository, held))
  }
  if (head !== null && tree === headTree && parents.length === 1) return head
  return commitTree(repository, signed(tree, parents, request.message, request))
}

function signed(
  tree: string,
  parents: readonly string[],
  message: string,
  { at }: PinRequest,
): Parameters<typeof commitTree>[1] {
  const signature = { ...ENGINE, at }
  return { tree, parents, message: `${message}\n`, author: signature, committer: signature }
}
