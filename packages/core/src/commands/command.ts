import type { FactData } from '../facts/fact.js'
import type { Checkpoint } from '../task/checkpoint.js'
import type { MergeStrategy } from '../task/merge.js'
import type { Agent, Failure } from '../task/state.js'

/** The data of every command, by type. Reports carry the outcome of an effect back to the machine. */
export interface CommandData {
  'task.request': FactData['task.requested']
  'task.recover': FactData['task.recovered']
  'task.checkpoint': { readonly checkpoint: Checkpoint; readonly message: string | null }
  'task.merge': {
    readonly strategy: MergeStrategy
    readonly into: string
    readonly verify: readonly string[] | null
    readonly message: string | null
  }
  'task.park': { readonly reason: string | null }
  'task.resume': Record<string, never>
  'task.abandon': { readonly reason: string | null }
  'task.restore': Record<string, never>
  'worktree.report-created': FactData['worktree.created']
  'worktree.report-creation-failure': { readonly failure: Failure; readonly retryable: boolean }
  'worktree.report-pinned': { readonly checkpoint: Checkpoint }
  'worktree.report-removed': Record<string, never>
  'worktree.report-lost': Record<string, never>
  'worktree.report-rebuilt': FactData['worktree.rebuilt']
  'merge.report-prepared': FactData['merge.prepared']
  'merge.report-verified': FactData['merge.verified']
  'merge.report-base-moved': FactData['merge.base-moved']
  'merge.report-conflicted': FactData['merge.conflicted']
  'merge.report-rejected': FactData['merge.rejected']
  'merge.report-landed': { readonly commit: string }
  'agent.report-started': Agent
  'agent.report-exited': FactData['agent.exited']
}

export type CommandType = keyof CommandData

/** A command; time arrives with it (`at`, ISO 8601), so that a decision needs no clock. */
export type CommandOf<T extends CommandType> = {
  [K in T]: { readonly type: K; readonly at: string; readonly data: CommandData[K] }
}[T]

export type Command = CommandOf<CommandType>

/** A command that has no time yet; the engine stamps it. */
export type Request<T extends CommandType = CommandType> = {
  [K in T]: { readonly type: K; readonly data: CommandData[K] }
}[T]

/** The commands that a person or an orchestrator gives, in the order in which they are suggested. */
export const USER_COMMANDS = [
  'task.request',
  'task.checkpoint',
  'task.merge',
  'task.park',
  'task.resume',
  'task.abandon',
  'task.restore',
] as const satisfies readonly CommandType[]
