import { measureIn } from '../../harness/child.mjs'
import { git } from '../git.mjs'

const program = new URL('../programs/grow.mjs', import.meta.url)

const TIME_LIMIT_MS = 3_600_000

/** A repository with so many live tasks, and so many finished ones in its log. */
export async function grown(repositories, { files, live, finished }) {
  process.stderr.write(`making ${live} live tasks and ${finished} finished ones\n`)
  const repository = await repositories.copy(files)
  // A command that makes a task makes its worktree too, whatever else there is.
  await git(repository, 'config', 'coppice.poolSize', '0')
  await measureIn(program, { repository, live, finished }, { timeLimitMs: TIME_LIMIT_MS })
  return repository
}
