import type { FileChanges } from '@coppice/testkit'
import type { TestRepository } from '../../helpers/repository.js'
import { gitWithOwnIndex } from './own-index.js'

/** What git calls an object that is none. */
const NOTHING = '0'.repeat(40)

/** Commits changes to a branch, which is made if need be, without checking anything out. */
export function commitTo(repository: TestRepository, branch: string, changes: FileChanges): string {
  const run = gitWithOwnIndex(repository)
  const parent = run(['for-each-ref', '--format=%(objectname)', `refs/heads/${branch}`])
  if (parent !== '') run(['read-tree', parent])
  for (const [name, file] of Object.entries(changes)) {
    if (file === null) run(['update-index', '--index-info'], `0 ${NOTHING}\t${name}\n`)
    else {
      const { mode, content } = typeof file === 'string' ? { mode: '100644', content: file } : file
      const oid = run(['hash-object', '-w', '--stdin'], content)
      run(['update-index', '--add', '--cacheinfo', `${mode},${oid},${name}`])
    }
  }
  const message = `change ${Object.keys(changes).join(', ')}`
  const parents = parent === '' ? [] : ['-p', parent]
  const commit = run(['commit-tree', run(['write-tree']), ...parents, '-m', message])
  run(['update-ref', `refs/heads/${branch}`, commit])
  return commit
}
