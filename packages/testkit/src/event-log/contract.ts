import { appendCases } from './append-cases.js'
import { closeCases } from './close-cases.js'
import type { ContractCase, ContractCheck, OpenedLog, ReopenableLog } from './contract-case.js'
import { raceCases } from './race-cases.js'
import { readCases } from './read-cases.js'
import { reopenCases } from './reopen-cases.js'
import { subscriptionCases } from './subscription-cases.js'

/**
 * What every EventLog has to do, as named cases that reject when it does not. They know no test runner: loop over
 * them with the one at hand.
 *
 *     for (const { name, run } of eventLogContract(open)) test(name, run)
 *
 * @param open makes a new, empty log for one case
 */
export function eventLogContract(open: () => Promise<OpenedLog>): readonly ContractCase[] {
  return cases(open, [...appendCases, ...readCases, ...subscriptionCases, ...raceCases, ...closeCases])
}

/** What an EventLog has to do besides if it can be opened again, or by several processes at once. */
export function reopenedLogContract(open: () => Promise<ReopenableLog>): readonly ContractCase[] {
  return cases(open, reopenCases)
}

function cases<Opened extends OpenedLog>(
  open: () => Promise<Opened>,
  checks: readonly ContractCheck<Opened>[],
): readonly ContractCase[] {
  return checks.map(({ name, check }) => ({
    name,
    run: async () => {
      const opened = await open()
      try {
        await check(opened)
      } finally {
        await opened.log.close()
        await opened.dispose?.()
      }
    },
  }))
}
