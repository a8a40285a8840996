// The library: open a repository, make tasks, run agents in them, merge.
export { openCoppice } from './open.js'
export type { OpenOptions } from './open.js'
export { openCoppiceOn } from './open-on.js'
export type { OpenOnOptions } from './open-on.js'
export type { PoolStatus } from './facade/pool-keeper.js'
export type { Coppice, CreateOptions, RepairOptions, TasksOptions } from './facade/coppice.js'
export type { EventsOptions } from './facade/events.js'
export type { CancelOptions, DiffOptions, MergeOptions, SettleOptions, Task } from './facade/task.js'
export type { MergeOutcome } from './facade/merge-outcome.js'
export type { RunOptions } from './agent/run-agent.js'
export type { AgentExit } from './agent/start-agent.js'

// A damaged log: these work where `openCoppice` cannot.
export { repairLog } from './recovery/repair-log.js'
export type { RepairLogOptions } from './recovery/repair-log.js'
export { verifyLog } from './recovery/verify-log.js'
export type { VerifyLogOptions } from './recovery/verify-log.js'
export type { Finding, LogReport, Progress, Refusal, RepairItem, RepairReport } from '@coppice/store'

// A lost log: what git still holds, and a new log that begins with it.
export { findRemains } from './recovery/find-remains.js'
export type { FindRemainsOptions, Remains, TaskRemains } from './recovery/find-remains.js'
export { startNewLog } from './recovery/start-new-log.js'
export type { NewLogReport, StartNewLogOptions } from './recovery/start-new-log.js'
export type { Oddity, RecoveredStatus, RecoveredTask, UnknownOfTask } from '@coppice/core'

// A world that is not as the log says.
export type { Diagnosis, Drift, DriftCode, FailedRepair, Remedy, RepairResult, Severity } from '@coppice/core'

// What facts and states are made of.
export { isFinished, MERGE_STRATEGIES, TASK_STATUSES } from '@coppice/core'
export type {
  Agent,
  Base,
  Checkpoint,
  EngineEvents,
  Fact,
  FactType,
  Landing,
  MergeRejectionReason,
  MergeStrategy,
  Problem,
  RecordedFact,
  RecordedFactOf,
  Setback,
  TaskState,
  TaskStates,
  TaskStatus,
} from '@coppice/core'

// Errors; all of them extend CoppiceError and have a `code`.
export { CoppiceError, isCoppiceError } from '@coppice/core'
export {
  AgentStartError,
  InvalidCommandError,
  InvalidIntervalError,
  InvalidPathError,
  InvalidPoolLimitError,
  InvalidStrategyError,
  LogLostError,
  LogNotLostError,
  NoDiffError,
  TaskBusyError,
} from './errors.js'
