import { CoppiceError } from '@coppice/core'

/** Facts that no log of Coppice's would hold in this order, or lines that are no facts. */
export class HistoryError extends CoppiceError {
  readonly code = 'history-impossible'

  /** @param where the line, or the sequence of the fact */
  constructor(
    readonly where: string,
    problem: string,
  ) {
    super(`${where}: ${problem}`, {
      hint: 'capture the whole history of a task: coppice log --json, without --from',
    })
  }
}
