import { CoppiceError } from '@coppice/core'

/** Facts that no log of Coppice's would hold in this order, or lines that are no facts. */
export class HistoryError extends CoppiceError {
  readonly code = 'history-impossible'

  /**
   * @param where the line, the sequence of the fact, or which of the facts that were given
   * @param options `hint`: what to do about this very problem; `cause`: an error that told it
   */
  constructor(
    readonly where: string,
    problem: string,
    options: { readonly hint: string; readonly cause?: unknown },
  ) {
    super(`${where}: ${problem}`, options)
  }
}
