import type { Command, CommandData, CommandType } from '@coppice/core'
import fc from 'fast-check'
import { COMMAND_TYPES } from '../samples/commands.js'
import * as data from './data.js'
import { arbitraryInstant } from './values.js'

const dataOf: { readonly [T in CommandType]: fc.Arbitrary<CommandData[T]> } = {
  'task.request': data.requested,
  'task.recover': data.recovered,
  'task.checkpoint': data.checkpointTaken,
  'task.merge': data.mergeRequested,
  'task.park': data.reason,
  'task.resume': data.nothing,
  'task.abandon': data.reason,
  'task.restore': data.nothing,
  'worktree.report-created': data.created,
  'worktree.report-creation-failure': fc.record({ failure: data.failure, retryable: fc.boolean() }),
  'worktree.report-pinned': fc.record({ checkpoint: data.checkpoint }),
  'worktree.report-removed': data.nothing,
  'worktree.report-lost': data.nothing,
  'worktree.report-rebuilt': data.rebuilt,
  'merge.report-prepared': data.prepared,
  'merge.report-verified': data.commit,
  'merge.report-base-moved': data.baseMoved,
  'merge.report-conflicted': data.conflicted,
  'merge.report-rejected': data.rejected,
  'merge.report-landed': data.commit,
  'agent.report-started': data.agent,
  'agent.report-exited': data.exited,
}

/** A command of one of these types, of any type by default, with data that may or may not make sense. */
export function arbitraryCommand(types: readonly CommandType[] = COMMAND_TYPES): fc.Arbitrary<Command> {
  return (
    fc
      .constantFrom(...types)
      .chain((type) => fc.record({ type: fc.constant(type), at: arbitraryInstant, data: dataOf[type] }))
      // Some records of fast-check have no prototype, which no command that came by JSON or code would lack.
      .map((command) => structuredClone(command) as Command)
  )
}
