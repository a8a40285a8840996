import { MERGE_STRATEGIES, type FactType, type RecoveredStatus } from '@coppice/core'
import { count, fields, listOf, objectId, oneOf, orLeftOut, orNull, text, truth, type Kind } from './kinds.js'

const recoveredStatuses: readonly RecoveredStatus[] = ['creating', 'active', 'parked', 'merged', 'abandoned']
const strategy = oneOf(...MERGE_STRATEGIES)
const base = fields({ ref: text, commit: objectId })
const commit = fields({ commit: objectId })
const reason = fields({ reason: orNull(text) })
const nothing = fields({})
const agent = fields({ pid: count, startTime: text, command: listOf(text) })

const checkpoint = fields({
  number: count,
  ref: text,
  commit: objectId,
  head: orNull(objectId),
  branch: orNull(text),
  tip: orNull(objectId),
  index: objectId,
  rawIndex: orNull(objectId),
  tree: objectId,
  carried: orLeftOut(objectId),
  operation: orLeftOut(objectId),
  uncaptured: listOf(text),
})

/** What the data of each fact have to be. */
export const DATA_KINDS: { readonly [T in FactType]: Kind } = {
  'task.requested': fields({ title: orNull(text), base, into: orNull(text), branch: text, path: text }),
  'task.recovered': fields({
    status: oneOf(...recoveredStatuses),
    title: orNull(text),
    base,
    into: orNull(text),
    branch: text,
    path: text,
    gitDir: orNull(text),
    checkpoint: orNull(checkpoint),
    landing: orNull(fields({ commit: objectId, into: text, strategy: orNull(strategy) })),
    agent: orNull(agent),
    unknown: listOf(text),
  }),
  'task.parked': reason,
  'task.resumed': nothing,
  'task.abandoned': reason,
  'task.restored': nothing,
  'worktree.created': fields({ gitDir: text, head: objectId }),
  'worktree.creation-failed': fields({
    attempt: count,
    final: truth,
    failure: fields({ code: text, message: text }),
  }),
  'worktree.removed': nothing,
  'worktree.lost': nothing,
  'worktree.rebuilt': fields({
    gitDir: text,
    head: objectId,
    checkpoint: orNull(count),
    path: orLeftOut(text),
  }),
  'checkpoint.taken': fields({ checkpoint, message: orNull(text) }),
  'merge.requested': fields({
    strategy,
    into: text,
    verify: orNull(listOf(text)),
    message: orNull(text),
  }),
  'merge.prepared': fields({ commit: objectId, tree: objectId, base: objectId, tip: objectId }),
  'merge.verified': commit,
  'merge.base-moved': fields({ expected: objectId, actual: orNull(objectId) }),
  'merge.conflicted': fields({ files: listOf(text), fileCount: count }),
  'merge.rejected': fields({
    reason: text,
    message: text,
    files: listOf(text),
    exitCode: orNull(count),
    output: text,
  }),
  'merge.landed': fields({ commit: objectId, into: text, strategy }),
  'agent.started': agent,
  'agent.exited': fields({ pid: count, exitCode: orNull(count), signal: orNull(text) }),
}
