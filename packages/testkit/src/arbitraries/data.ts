import { MERGE_STRATEGIES, type Checkpoint, type FactData } from '@coppice/core'
import fc from 'fast-check'
import { recoveredAs } from '../samples/facts.js'
import { arbitraryObjectId as objectId, arbitraryText as text } from './values.js'

/** Data of a fact, by its type. */
type DataOf<T extends keyof FactData> = fc.Arbitrary<FactData[T]>

export const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.option(arbitrary, { nil: null })

const path = text.map((name) => `/${name}`)
const files = fc.array(text, { maxLength: 3 })
const pid = fc.integer({ min: 1, max: 3 })
const base = fc.record({ ref: text, commit: objectId })
const exitCode = maybe(fc.integer({ min: 0, max: 255 }))

export const nothing = fc.constant({})
export const reason = fc.record({ reason: maybe(text) })
export const failure = fc.record({ code: text, message: text })
export const commit = fc.record({ commit: objectId })

export const checkpoint: fc.Arbitrary<Checkpoint> = fc.record({
  number: fc.integer({ min: 1, max: 5 }),
  ref: text,
  commit: objectId,
  head: objectId,
  branch: maybe(text),
  tip: maybe(objectId),
  index: objectId,
  rawIndex: maybe(objectId),
  tree: objectId,
  uncaptured: files,
})

export const checkpointTaken: DataOf<'checkpoint.taken'> = fc.record({ checkpoint, message: maybe(text) })

export const requested: DataOf<'task.requested'> = fc.record({
  title: maybe(text),
  base,
  into: maybe(text),
  branch: text,
  path,
})

export const agent: DataOf<'agent.started'> = fc.record({ pid, startTime: text, command: files })
export const exited: DataOf<'agent.exited'> = fc.record({ pid, exitCode, signal: maybe(text) })

export const recovered: DataOf<'task.recovered'> = fc.record({
  status: fc.constantFrom('creating', 'active', 'parked', 'merged', 'abandoned'),
  title: maybe(text),
  base,
  into: maybe(text),
  branch: text,
  path,
  gitDir: maybe(path),
  checkpoint: maybe(checkpoint),
  landing: fc.constantFrom(null, recoveredAs('merged').landing),
  agent: maybe(agent),
  unknown: fc.subarray(['title', 'base', 'into', 'agent']),
})

export const created: DataOf<'worktree.created'> = fc.record({ gitDir: path, head: objectId })

export const rebuilt: DataOf<'worktree.rebuilt'> = fc.record({
  gitDir: path,
  head: objectId,
  checkpoint: maybe(fc.nat()),
})

const strategy = fc.constantFrom(...MERGE_STRATEGIES)

export const mergeRequested: DataOf<'merge.requested'> = fc.record({
  strategy,
  into: text,
  verify: maybe(files),
  message: maybe(text),
})

export const prepared: DataOf<'merge.prepared'> = fc.record({
  commit: objectId,
  tree: objectId,
  base: objectId,
  tip: objectId,
})

export const baseMoved: DataOf<'merge.base-moved'> = fc.record({
  expected: objectId,
  actual: maybe(objectId),
})
export const conflicted: DataOf<'merge.conflicted'> = fc.record({ files, fileCount: fc.nat() })

export const rejected: DataOf<'merge.rejected'> = fc.record({
  reason: fc.constantFrom('verification-failed' as const, 'cancelled' as const, 'error' as const),
  message: text,
  files,
  exitCode,
  output: text,
})

export const landed: DataOf<'merge.landed'> = fc.record({ commit: objectId, into: text, strategy })
