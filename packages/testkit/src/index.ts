// The contract of the EventLog port.
export { eventLogContract, reopenedLogContract } from './event-log/contract.js'
export type { ContractCase, OpenedLog, ReopenableLog } from './event-log/contract-case.js'

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
