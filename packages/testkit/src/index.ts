// The contract of the EventLog port.
export { durableLogContract, eventLogContract, reopenedLogContract } from './event-log/contract.js'
export type { ContractCase, DurableLog, OpenedLog, ReopenableLog } from './event-log/contract-case.js'

// The contract of the Workspace port.
export { workspaceContract } from './workspace/contract.js'
export type { WorkspaceWorld, WorktreeHands, WorktreeLook } from './workspace/workspace-world.js'
export { simulatedWorkspaceWorld } from './workspace/simulated-workspace-world.js'

// Decisions: given a history, when a command comes, then these facts are recorded.
export { given } from './decision/given.js'
export type { Decided, ExpectedFact, Given, GivenFact } from './decision/given.js'
export { COMMAND_TYPES, command, sampleCommandData } from './samples/commands.js'
export { fact, recoveredAs, sampleCheckpoint, sampleFactData } from './samples/facts.js'
export { objectId, SAMPLE_TIME } from './samples/ids.js'

// Histories that were recorded.
export { HistoryError } from './history/history-error.js'
export { parseHistory } from './history/parse-history.js'
export { recordFacts } from './history/record-facts.js'
export { replayHistory } from './history/replay-history.js'
export type { ReplayedHistory } from './history/replay-history.js'

// Arbitraries for fast-check.
export { arbitraryCommand } from './arbitraries/commands.js'
export { arbitraryFact } from './arbitraries/facts.js'
export { arbitraryHistory, arbitraryLife, arbitraryTask } from './arbitraries/lives.js'
export type { LifeOptions, LifeStep } from './arbitraries/lives.js'
export { arbitraryLog } from './arbitraries/logs.js'
export { arbitraryInstant, arbitraryObjectId, arbitraryTaskId, arbitraryText } from './arbitraries/values.js'

// A world in memory: what an engine needs, and what it acts on.
export { SimulatedWorld } from './world/simulated-world.js'
export type { SimulatedProcess, SimulatedWorldOptions } from './world/simulated-world.js'
export type { Placement } from './world/placement.js'
export { MortalSteps, never, UNDISTURBED } from './world/steps.js'
export type { Steps } from './world/steps.js'
export { SimulatedWorkspace } from './world/simulated-workspace.js'
export type { SimulatedWorkspaceOptions } from './world/simulated-workspace.js'
export type { Verification, VerificationResult, Verifier } from './world/workspace/site.js'
export { SimulatedAgents } from './world/agents.js'
export { SimulatedClock } from './world/clock.js'
export type { SimulatedClockOptions } from './world/clock.js'
export { LockTable } from './world/locks.js'
export { SimulatedSnapshots } from './snapshots/simulated-snapshots.js'
export type { SimulatedSnapshotsOptions } from './snapshots/simulated-snapshots.js'
export { SnapshotDisk } from './snapshots/snapshot-disk.js'
export type { SavedSnapshot } from './snapshots/snapshot-disk.js'
export { LogDisk } from './log/log-disk.js'
export { SimulatedLog } from './log/simulated-log.js'
export type { SimulatedLogOptions } from './log/simulated-log.js'

// Stories: what is asked of engines, what agents and people do, and what goes wrong, played in such a world.
export { arbitraryStory } from './simulation/arbitrary-story.js'
export type { StoryOptions } from './simulation/story-options.js'
export { BrokenProgram } from './simulation/broken-program.js'
export type { ProgramLife } from './simulation/broken-program.js'
export { BrokenStory } from './simulation/broken-story.js'
export { checkStories } from './simulation/check-stories.js'
export type { Checked, CheckOptions } from './simulation/check-stories.js'
export { play } from './simulation/play.js'
export type { StoryChecks } from './simulation/play.js'
export type { Chronicle } from './simulation/chronicle.js'
export { SimulatedFailure } from './simulation/disturbed-steps.js'
export { tell } from './simulation/move.js'
export type {
  AgentMove,
  EngineMove,
  EngineWish,
  FateMove,
  Fault,
  Move,
  SnapshotChange,
  UserMove,
} from './simulation/move.js'
export { Simulation } from './simulation/simulation.js'
export type { Told } from './simulation/simulation.js'
export type { Program } from './simulation/life.js'
export { arbitraryFaults } from './simulation/program-fault.js'
export type { FaultsOptions, ProgramFault } from './simulation/program-fault.js'
export { survive } from './simulation/survive.js'
export type { Survived } from './simulation/survive.js'

// What every history has to keep.
export { assertAsRecorded } from './invariants/as-recorded.js'
export { assertBaseNeverPartial } from './invariants/base-never-partial.js'
export { BrokenPromise } from './invariants/broken-promise.js'
export { assertMergedOnce } from './invariants/merged-once.js'
export { assertNewestComesBack } from './invariants/newest-comes-back.js'
export { assertNoOrphans } from './invariants/no-orphans.js'
export { assertNothingLost } from './invariants/nothing-lost.js'

// Whether what several were answered could have been answered one after the other.
export { assertLinearizable } from './linearizability/assert-linearizable.js'
export { linearization } from './linearizability/linearization.js'
export type { Operation, SequentialModel } from './linearizability/linearization.js'
export { register } from './linearizability/register.js'
export type { RegisterCall } from './linearizability/register.js'

// A small git in memory.
export { historyOf, isAncestor, mergeBases } from './git-model/ancestry.js'
export { Checkout } from './git-model/checkout.js'
export { filesOf, listOf } from './git-model/files.js'
export type { FileList, FileMode, Files, ModelFile } from './git-model/files.js'
export { mergeCommits } from './git-model/merge-commits.js'
export { mergeFiles } from './git-model/merge-files.js'
export type { MergedFiles } from './git-model/merge-files.js'
export { treeIdOf } from './git-model/object-ids.js'
export { ObjectStore } from './git-model/objects.js'
export type { Commit, Signature } from './git-model/objects.js'
export { pictureOf } from './git-model/picture.js'
export type { RepositoryPicture, WorktreePicture } from './git-model/picture.js'
export { branchRef, pinRef, Refs } from './git-model/refs.js'
export { SimulatedRepository } from './git-model/repository.js'
export type { SimulatedRepositoryOptions } from './git-model/repository.js'
export { SimulatedUser } from './git-model/user.js'
export type { FileChanges } from './git-model/user.js'
export type { Directory, Head, WorktreeEntry } from './git-model/worktree.js'
