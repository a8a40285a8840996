import { join, resolve } from 'node:path'
import { openRepository, type Repository } from '@coppice/git-adapter'

/** A repository, and where its log and its caches are, of which there may be none yet. */
export interface State {
  readonly repository: Repository
  readonly directory: string
}

/** @throws {NotARepositoryError} {GitTooOldError} {GitMissingError} */
export async function stateOf(repo: string): Promise<State> {
  const repository = await openRepository(resolve(repo))
  return { repository, directory: join(repository.commonDir, 'coppice') }
}
