import type { EffectContext, MergeInProgress, TaskState, VerifyOutcome } from '@coppice/core'
import { fill, plant, uproot } from './plant.js'
import { rejected } from './rejected.js'
import { underRepositoryLock, verifyingPath, type SimulatedSite } from './site.js'

/** Has the verifier look at the merged tree, in a worktree of its own that is removed afterwards. */
export async function verify(
  site: SimulatedSite,
  task: TaskState,
  { prepared, verify: command }: MergeInProgress,
  { signal }: EffectContext,
): Promise<VerifyOutcome> {
  if (prepared === null || command === null) throw new TypeError('there is nothing prepared to verify')
  const { commit } = prepared
  const directory = verifyingPath(task)
  try {
    const gitDir = await plant(site, task.id, directory, { head: { commit } }, signal)
    const files = site.repository.objects.filesAt(commit)
    await fill(site, gitDir, directory, files)
    await site.steps.step('run the verify command')
    const { exitCode, output = '' } = await site.verifier({ task: task.id, command, commit, files }, signal)
    signal?.throwIfAborted()
    if (exitCode === 0) return { kind: 'verified', data: { commit } }
    const end = exitCode === null ? 'could not be run' : `failed with exit code ${exitCode}`
    return rejected('verification-failed', `\`${command.join(' ')}\` ${end}`, { exitCode, output })
  } finally {
    await underRepositoryLock(site, undefined, () => uproot(site, task.id, directory))
  }
}
