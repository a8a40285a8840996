import { MERGE_STRATEGIES, type Command, type CommandData, type CommandType } from '@coppice/core'
import fc from 'fast-check'
import { COMMAND_TYPES, oid, recoveredAs } from './samples.js'

// The pools are small, so that one command often speaks of what another one said; the texts are anything at all.
const objectId = fc.constantFrom('1', '2', '3').map(oid)
const text = fc.oneof(fc.constantFrom('', 'a', '\u0000', '\u2028', '\ud800'), fc.string({ unit: 'binary' }))
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null })
const path = text.map((name) => `/${name}`)
const files = fc.array(text, { maxLength: 3 })
const pid = fc.integer({ min: 1, max: 3 })
const nothing = fc.constant({})
const reason = fc.record({ reason: maybe(text) })
const failure = fc.record({ code: text, message: text })
const commit = fc.record({ commit: objectId })
const exitCode = maybe(fc.integer({ min: 0, max: 255 }))

const checkpoint = fc.record({
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

const merge = fc.record({
  strategy: fc.constantFrom(...MERGE_STRATEGIES),
  into: text,
  verify: maybe(files),
  message: maybe(text),
})

const dataOf: { readonly [T in CommandType]: fc.Arbitrary<CommandData[T]> } = {
  'task.request': fc.record({
    title: maybe(text),
    base: fc.record({ ref: text, commit: objectId }),
    into: maybe(text),
    branch: text,
    path,
  }),
  'task.recover': fc.record({
    status: fc.constantFrom('creating', 'active', 'parked', 'merged', 'abandoned'),
    title: maybe(text),
    base: fc.record({ ref: text, commit: objectId }),
    into: maybe(text),
    branch: text,
    path,
    gitDir: maybe(path),
    checkpoint: maybe(checkpoint),
    landing: fc.constantFrom(null, recoveredAs('merged').landing),
    agent: maybe(fc.record({ pid, startTime: text, command: files })),
    unknown: fc.subarray(['title', 'base', 'into', 'agent']),
  }),
  'task.checkpoint': fc.record({ checkpoint, message: maybe(text) }),
  'task.merge': merge,
  'task.park': reason,
  'task.resume': nothing,
  'task.abandon': reason,
  'task.restore': nothing,
  'worktree.report-created': fc.record({ gitDir: path, head: objectId }),
  'worktree.report-creation-failure': fc.record({ failure, retryable: fc.boolean() }),
  'worktree.report-pinned': fc.record({ checkpoint }),
  'worktree.report-removed': nothing,
  'worktree.report-lost': nothing,
  'worktree.report-rebuilt': fc.record({ gitDir: path, head: objectId, checkpoint: maybe(fc.nat()) }),
  'merge.report-prepared': fc.record({ commit: objectId, tree: objectId, base: objectId, tip: objectId }),
  'merge.report-verified': commit,
  'merge.report-base-moved': fc.record({ expected: objectId, actual: maybe(objectId) }),
  'merge.report-conflicted': fc.record({ files, fileCount: fc.nat() }),
  'merge.report-rejected': fc.record({
    reason: fc.constantFrom('verification-failed' as const, 'cancelled' as const, 'error' as const),
    message: text,
    files,
    exitCode,
    output: text,
  }),
  'merge.report-landed': commit,
  'agent.report-started': fc.record({ pid, startTime: text, command: files }),
  'agent.report-exited': fc.record({ pid, exitCode, signal: maybe(text) }),
}

const instant = fc
  .date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') })
  .map((date) => date.toISOString())

/** A command of one of these types, of any type by default, with data that may or may not make sense. */
export function arbitraryCommand(types: readonly CommandType[] = COMMAND_TYPES): fc.Arbitrary<Command> {
  return (
    fc
      .constantFrom(...types)
      .chain((type) => fc.record({ type: fc.constant(type), at: instant, data: dataOf[type] }))
      // Some records of fast-check have no prototype, which no command that came by JSON or code would lack.
      .map((command) => structuredClone(command) as Command)
  )
}
