import type { Command, CommandData, CommandOf, CommandType } from '@coppice/core'
import { recoveredAs, sampleCheckpoint, sampleFactData } from './facts.js'
import { SAMPLE_TIME } from './ids.js'

/** Plausible data for every command; where a command and a fact share their data, they share the sample. */
export const sampleCommandData: CommandData = {
  'task.request': sampleFactData['task.requested'],
  'task.recover': recoveredAs('active'),
  'task.checkpoint': { checkpoint: sampleCheckpoint, message: 'after the first edit' },
  'task.merge': sampleFactData['merge.requested'],
  'task.park': sampleFactData['task.parked'],
  'task.resume': {},
  'task.abandon': sampleFactData['task.abandoned'],
  'task.restore': {},
  'worktree.report-created': sampleFactData['worktree.created'],
  'worktree.report-creation-failure': {
    failure: sampleFactData['worktree.creation-failed'].failure,
    retryable: true,
  },
  'worktree.report-pinned': { checkpoint: sampleCheckpoint },
  'worktree.report-removed': {},
  'worktree.report-lost': {},
  'worktree.report-rebuilt': sampleFactData['worktree.rebuilt'],
  'merge.report-prepared': sampleFactData['merge.prepared'],
  'merge.report-verified': sampleFactData['merge.verified'],
  'merge.report-base-moved': sampleFactData['merge.base-moved'],
  'merge.report-conflicted': sampleFactData['merge.conflicted'],
  'merge.report-rejected': sampleFactData['merge.rejected'],
  'merge.report-landed': sampleFactData['merge.verified'],
  'agent.report-started': sampleFactData['agent.started'],
  'agent.report-exited': sampleFactData['agent.exited'],
}

/** Every type of command. */
export const COMMAND_TYPES = Object.keys(sampleCommandData) as readonly CommandType[]

/** A command with plausible data, or with the data given. */
export function command<T extends CommandType>(
  type: T,
  data: CommandData[T] = sampleCommandData[type],
): CommandOf<T> {
  return { type, at: SAMPLE_TIME, data } as Command as CommandOf<T>
}
