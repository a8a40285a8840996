import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { TestRepository } from '../../helpers/repository.js'

/** Git in a repository, with an index of its own that is empty at first. */
export function gitWithOwnIndex({
  path,
  scratch,
  env,
}: TestRepository): (args: readonly string[], input?: string) => string {
  const index = join(scratch, 'own-index')
  rmSync(index, { force: true })
  return (args, input = '') =>
    execFileSync('git', args, {
      cwd: path,
      env: { ...env, GIT_INDEX_FILE: index },
      encoding: 'utf8',
      input,
    }).trim()
}
