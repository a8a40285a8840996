import type { Files } from '@coppice/testkit'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { rmSync } from 'node:fs'
import type { TestRepository } from '../../helpers/repository.js'

/** Has git write files as a tree, and answers with its id. */
export function writeTree({ path, scratch, env }: TestRepository, files: Files): string {
  const index = join(scratch, 'index-of-a-tree')
  const run = (args: readonly string[], input = ''): string =>
    execFileSync('git', args, {
      cwd: path,
      env: { ...env, GIT_INDEX_FILE: index },
      encoding: 'utf8',
      input,
    }).trim()
  rmSync(index, { force: true })
  const lines = [...files].map(([name, { mode, content }]) => {
    const oid = run(['hash-object', '-w', '--stdin'], content)
    return `${mode} ${oid}\t${name}\0`
  })
  run(['update-index', '--add', '-z', '--index-info'], lines.join(''))
  return run(['write-tree'])
}
