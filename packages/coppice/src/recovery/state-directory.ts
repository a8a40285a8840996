import { join, resolve } from 'node:path'
import { openRepository } from '@coppice/git-adapter'

/** Where a repository's log and its caches are, of which there may be none yet. */
export async function stateDirectoryOf(repo: string): Promise<string> {
  const { commonDir } = await openRepository(resolve(repo))
  return join(commonDir, 'coppice')
}
