import { isThere } from '../files/look.js'
import { git } from '../git/run.js'
import { adminEntries, pointedGitDir } from '../repository/admin-entries.js'
import type { Repository } from '../repository/repository.js'
import { markIn } from '../worktree/ownership.js'
import { problemOfId } from './task-refs.js'

/** Whether git holds anything that was made for a task. Begins with what costs no process. */
export async function hasRemnants(repository: Repository): Promise<boolean> {
  for (const { gitDir, path } of await adminEntries(repository)) {
    const task = await markIn(gitDir)
    if (task === null || path === null || problemOfId(task) !== null) continue
    if ((await pointedGitDir(path)) === gitDir || !(await isThere(path))) return true
  }
  const args = ['for-each-ref', '--format=%(refname)', 'refs/coppice']
  const lines = (await git(repository.place, { args })).stdout.toString('utf8').split('\n')
  return lines.some((ref) => {
    const [, , id = '', name] = ref.split('/')
    return name !== undefined && problemOfId(id) === null
  })
}
