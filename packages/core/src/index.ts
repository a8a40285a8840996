// Commands, and the decision that turns them into facts.
export { USER_COMMANDS } from './commands/command.js'
export type { Command, CommandData, CommandOf, CommandType, Request } from './commands/command.js'
export { allowedIn, decide } from './decide/decide.js'
export type { Decision } from './decide/decide.js'
export { taskMachine } from './decide/machine.js'
export { isPossible } from './decide/possible-facts.js'

// Facts, and the fold that turns them into state.
export type { Fact, FactData, FactOf, FactType } from './facts/fact.js'
export type { RecordedFact, RecordedFactOf } from './facts/recorded-fact.js'
export { FACT_TYPES } from './evolve/evolvers.js'
export { evolve } from './evolve/evolve.js'
export { apply, replay } from './evolve/replay.js'
export type { TaskStates } from './evolve/replay.js'

// A task.
export type { Checkpoint } from './task/checkpoint.js'
export {
  CREATION_BACKOFF_MS,
  MAX_BASE_MOVES,
  MAX_CREATION_ATTEMPTS,
  MAX_LISTED_FILES,
  MAX_MESSAGE_LENGTH,
  MAX_PINS_PER_EFFECT,
  MAX_TASK_ID_LENGTH,
  MAX_TITLE_LENGTH,
} from './task/limits.js'
export { MERGE_STRATEGIES } from './task/merge.js'
export type {
  Landing,
  MergeInProgress,
  MergeRejectionReason,
  MergeStrategy,
  PreparedMerge,
  Setback,
} from './task/merge.js'
export type { RecoveredStatus, RecoveredTask, UnknownOfTask } from './task/recovered.js'
export type { Agent, Base, Failure, TaskState, WorktreeState } from './task/state.js'
export { isFinished, TASK_STATUSES } from './task/status.js'
export type { TaskStatus } from './task/status.js'
export { parseTaskId, streamOf, taskOf } from './task/task-id.js'
export { parseMessage, parseReason } from './task/text.js'

// Effects: what is owed, and what came of it.
export type { EffectKind } from './effects/effect.js'
export { nextEffect } from './effects/next-effect.js'
export type {
  CheckpointOutcome,
  CreateOutcome,
  Deferred,
  LandOutcome,
  Missing,
  Outcome,
  Pinned,
  PrepareOutcome,
  RebuildOutcome,
  Rejected,
  RemoveOutcome,
  VerifyOutcome,
} from './effects/outcome.js'

// The comparison of the log with the world.
export type { Books, Pin } from './doctor/books.js'
export { diagnose } from './doctor/diagnose.js'
export { diagnosisOf } from './doctor/drift.js'
export type { Diagnosis, Drift, DriftCode, Remedy, Severity } from './doctor/drift.js'
export type { EngineAction, RepairAction, WorldAction } from './doctor/repair-action.js'

// What is made of what git holds, where the log is lost.
export { recoveredState } from './doctor/recovered-state.js'
export { recoveryOf } from './doctor/recovery-of.js'
export type { Recovery } from './doctor/recovery-of.js'
export type { HeldCommit, Oddity, Remnant, Remnants, WorktreeRemnant } from './doctor/remnant.js'
export type {
  BareFlag,
  EntrySight,
  LeakSight,
  Leftover,
  LockSight,
  OperationSight,
  PlaceContent,
  PlaceSight,
  Relation,
  Standing,
  Survey,
  TaskSight,
} from './ports/survey.js'

// What the log says, for whoever only reads.
export { Projection } from './engine/projection.js'
export { stateAt } from './engine/state-at.js'

// The engine and its ports.
export { Engine } from './engine/engine.js'
export type { EngineEvents, Problem } from './engine/listeners.js'
export type { EnginePorts } from './engine/ports.js'
export type { FailedRepair, RepairResult } from './engine/repair.js'
export { agentLockOf, taskLockOf } from './engine/lock-names.js'
export { SNAPSHOT_SCHEMA } from './engine/snapshot-keeper.js'
export type { AgentProbe } from './ports/agent-probe.js'
export type { Clock } from './ports/clock.js'
export type { EventLog } from './ports/event-log.js'
export { matchesExpectedVersion } from './ports/expected-version.js'
export type { ExpectedVersion } from './ports/expected-version.js'
export { withLock } from './ports/locks.js'
export type { Lock, Locks } from './ports/locks.js'
export type { Snapshot, Snapshots, SnapshotUpdate, TaskEntry } from './ports/snapshots.js'
export type { EffectContext, TaskRequest, Workspace } from './ports/workspace.js'

// Errors.
export { CoppiceError, isCoppiceError } from './errors/coppice-error.js'
export { DeferredEffectError } from './engine/deferred-effect-error.js'
export { RepairRefusedError } from './errors/repair-errors.js'
export { SnapshotLostError } from './engine/snapshot-lost-error.js'
export {
  LogClosedError,
  PositionNotFoundError,
  UnknownFactError,
  VersionConflictError,
} from './errors/log-errors.js'
export {
  AgentRunningError,
  IllegalMoveError,
  InvalidTaskIdError,
  InvalidTextError,
  NoTargetBranchError,
  RestlessWorktreeError,
  TaskCreationError,
  TaskExistsError,
  TaskNotFoundError,
} from './errors/task-errors.js'
