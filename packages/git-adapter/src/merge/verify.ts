import type { EffectContext, MergeInProgress, TaskState, VerifyOutcome } from '@coppice/core'
import { dirname } from 'node:path'
import { furnish } from '../setup/furnish.js'
import { underRepositoryLock, type Site } from '../site.js'
import { tidyUp, verifyingPath } from '../worktree/layout.js'
import { fill, plant, uproot } from '../worktree/plant.js'
import { runCommand } from '../process/run-command.js'
import { rejected } from './rejected.js'

/**
 * Runs the verify command on the merged tree, and on nothing else: in a worktree of its own, made for the prepared
 * commit and removed afterwards.
 */
export async function verify(
  site: Site,
  task: TaskState,
  merge: MergeInProgress,
  { signal }: EffectContext,
): Promise<VerifyOutcome> {
  const { prepared, verify: command } = merge
  if (prepared === null || command === null) throw new TypeError('there is nothing prepared to verify')
  const directory = verifyingPath(task)
  try {
    const gitDir = await plant(site, task.id, directory, { commit: prepared.commit }, signal)
    await fill(gitDir, directory, signal)
    await furnish(site, { gitDir, workTree: directory }, signal)
    const variables = { COPPICE_TASK: task.id, COPPICE_PATH: directory }
    for (const each of site.setup === null ? [command] : [site.setup.command, command]) {
      const { exitCode, output } = await runCommand(directory, each, variables, signal)
      if (exitCode !== 0) {
        const end =
          exitCode === null
            ? 'could not be run, or was ended by a signal'
            : `failed with exit code ${exitCode}`
        return rejected('verification-failed', `\`${each.join(' ')}\` ${end}`, { exitCode, output })
      }
    }
    return { kind: 'verified', data: { commit: prepared.commit } }
  } finally {
    await underRepositoryLock(site, undefined, () => uproot(site, task.id, directory))
    await tidyUp(dirname(directory))
  }
}
