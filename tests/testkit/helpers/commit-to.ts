import type { FileChanges } from '@coppice/testkit'
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { TestRepository } from '../../helpers/repository.js'

/** What git calls an object that is none. */
const NOTHING = '0'.repeat(40)

/** Commits changes to a branch, which is made if need be, without checking anything out. */
export function commitTo(
  { path, scratch, env }: TestRepository,
  branch: string,
  changes: FileChanges,
): string {
  const index = join(scratch, 'index-of-a-commit')
  const run = (args: readonly string[], input = ''): string =>
    execFileSync('git', args, {
      cwd: path,
      env: { ...env, GIT_INDEX_FILE: index },
      encoding: 'utf8',
      input,
    }).trim()
  rmSync(index, { force: true })
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
