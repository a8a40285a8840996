import { appendCases } from './append-cases.js'
import { closeCases } from './close-cases.js'
import type { ContractCase, ContractCheck, DurableLog, OpenedLog, ReopenableLog } from './contract-case.js'
import { powerCutCases } from './power-cut-cases.js'
import { raceCases } from './race-cases.js'
import { readCases } from './read-cases.js'
import { reopenCases } from './reopen-cases.js'
import { sizeCases } from './size-cases.js'
import { subscriptionCases } from './subscription-cases.js'
import { CASE_LIMIT_MS, inTime } from './time-limit.js'

/**
 * What every EventLog has to do, as named cases that reject when it does not, within seconds also where a log keeps its
 * readers waiting. They know no test runner: loop over them with the one at hand.
 *
 *     for (const { name, run } of eventLogContract(open)) test(name, run)
 *
 * @param open makes a new, empty log for one case
 */
export function eventLogContract(open: () => Promise<OpenedLog>): readonly ContractCase[] {
  return cases(open, [
    ...appendCases,
    ...readCases,
    ...subscriptionCases,
    ...sizeCases,
    ...raceCases,
    ...closeCases,
  ])
}

/** What an EventLog has to do besides if it can be opened again, or by several processes at once. */
export function reopenedLogContract(open: () => Promise<ReopenableLog>): readonly ContractCase[] {
  return cases(open, reopenCases)
}

/** What an EventLog has to do besides on a machine that loses its power: what it has acknowledged is there afterwards. */
export function durableLogContract(open: () => Promise<DurableLog>): readonly ContractCase[] {
  // What is left of a log after a power cut has nobody who could close it.
  return cases(open, powerCutCases, async () => undefined)
}

function cases<Opened extends OpenedLog>(
  open: () => Promise<Opened>,
  checks: readonly ContractCheck<Opened>[],
  close = ({ log }: Opened): Promise<void> => log.close(),
): readonly ContractCase[] {
  return checks.map(({ name, check }) => ({
    name,
    run: async () => {
      const opened = await open()
      const failures: unknown[] = []
      const keep = (error: unknown): unknown => failures.push(error)
      await inTime(check(opened), CASE_LIMIT_MS, () => `the end of this case: ${name}`).catch(keep)
      await inTime(close(opened), CASE_LIMIT_MS, () => 'the log to close').catch(keep)
      await opened.dispose?.().catch(keep)
      // What was wrong first is what the case is about: a log that is broken may not close well, either.
      if (failures.length > 0) throw failures[0]
    },
  }))
}
