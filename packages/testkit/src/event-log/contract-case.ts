import type { EventLog } from '@coppice/core'

/** A log under test. */
export interface OpenedLog {
  readonly log: EventLog
  /** Removes what the log left behind. */
  readonly dispose?: () => Promise<void>
}

/** A log under test that outlives the object that it was opened as. */
export interface ReopenableLog extends OpenedLog {
  /** Opens the same log once more, as another process would. */
  readonly reopen: () => Promise<EventLog>
}

/** A log under test on a machine that can lose its power. */
export interface DurableLog extends ReopenableLog {
  /**
   * Ends the process that has the log at once, wherever it is, and takes from its disk what was not synced, or any part of it.
   * Nobody uses or closes the log after that; `reopen` opens what is left.
   */
  readonly cutPower: () => Promise<void>
}

export interface ContractCase {
  readonly name: string
  /** Resolves when the log keeps this part of the contract, and rejects with what is wrong when not. */
  readonly run: () => Promise<void>
}

export interface ContractCheck<Opened extends OpenedLog = OpenedLog> {
  readonly name: string
  readonly check: (opened: Opened) => Promise<void>
}
