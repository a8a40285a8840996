import type { BareFlag, EntrySight } from '@coppice/core'
import { dirname, join } from 'node:path'
import { git } from '../git/run.js'
import { hasCheckout } from '../repository/has-checkout.js'
import type { Repository } from '../repository/repository.js'
import { standingAt } from './standing.js'

/** Settings that say "bare" of a repository or of a worktree that has files. */
export async function surveyBareFlags(
  repository: Repository,
  entries: readonly EntrySight[],
): Promise<readonly BareFlag[]> {
  const main = await mainFlag(repository)
  const linked = await Promise.all(
    entries.map(async ({ gitDir, path, task, standing }) => {
      const file = join(gitDir, 'config.worktree')
      if (task === null || path === null || standing !== 'directory') return []
      return (await flagIn(repository, file, 'core.bare')) === 'true' ? [{ file, workTree: path }] : []
    }),
  )
  return [...main, ...linked.flat()]
}

async function mainFlag(repository: Repository): Promise<readonly BareFlag[]> {
  const { commonDir } = repository
  if (!(await hasCheckout(commonDir))) return []
  const common = join(commonDir, 'config')
  const own = join(commonDir, 'config.worktree')
  const workTree = dirname(commonDir)
  const counts = (await flagIn(repository, common, 'extensions.worktreeConfig')) === 'true'
  const above = counts ? await flagIn(repository, own, 'core.bare') : null
  if (above !== null) return above === 'true' ? [{ file: own, workTree }] : []
  return (await flagIn(repository, common, 'core.bare')) === 'true' ? [{ file: common, workTree }] : []
}

/** A setting of one file, or null where the file does not have it. What the file includes is not followed. */
async function flagIn(repository: Repository, file: string, key: string): Promise<string | null> {
  if ((await standingAt(file)) !== 'file') return null
  const args = ['config', '--file', file, '--no-includes', '--type=bool', '--get', key]
  const { exitCode, stdout } = await git(repository.place, { args, answers: [1, 128] })
  return exitCode === 0 ? stdout.toString('utf8').trim() : null
}
