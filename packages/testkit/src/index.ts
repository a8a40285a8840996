// The contract of the EventLog port.
export { eventLogContract, reopenedLogContract } from './event-log/contract.js'
export type { ContractCase, OpenedLog, ReopenableLog } from './event-log/contract-case.js'
