import type { ContractCase } from '../event-log/contract-case.js'
import { admitCases } from './admit-cases.js'
import { checkpointCases } from './checkpoint-cases.js'
import { createCases } from './create-cases.js'
import { landCases } from './land-cases.js'
import { lastLookCases } from './last-look-cases.js'
import { movedBaseCases } from './moved-base-cases.js'
import { placeDriftCases } from './place-drift-cases.js'
import { rebuildCases } from './rebuild-cases.js'
import { refDriftCases } from './ref-drift-cases.js'
import { removeCases } from './remove-cases.js'
import { restoreCases } from './restore-cases.js'
import { setbackCases } from './setback-cases.js'
import { Stage } from './stage.js'
import type { WorkspaceWorld } from './workspace-world.js'

const CHECKS = [
  ...admitCases,
  ...createCases,
  ...checkpointCases,
  ...restoreCases,
  ...removeCases,
  ...lastLookCases,
  ...landCases,
  ...setbackCases,
  ...movedBaseCases,
  ...rebuildCases,
  ...refDriftCases,
  ...placeDriftCases,
]

/**
 * What every Workspace has to do, as named cases that reject when it does not. They know no test runner: loop over them
 * with the one at hand.
 *
 *     for (const { name, run } of workspaceContract(open)) test(name, run)
 *
 * @param open makes a new repository for one case
 */
export function workspaceContract(open: () => Promise<WorkspaceWorld>): readonly ContractCase[] {
  return CHECKS.map(({ name, check }) => ({
    name,
    run: async () => {
      const world = await open()
      try {
        await check(await Stage.set(world))
      } finally {
        await world.dispose?.()
      }
    },
  }))
}
