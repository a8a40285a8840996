import { join } from 'node:path'
import type { TestRepository } from '../../helpers/repository.js'

/**
 * Gives the user of a test a configuration for all repositories, and a setting in it. Tests otherwise have none, which
 * `GIT_CONFIG_GLOBAL=/dev/null` says: `git config --global` would put a file in the place of that device.
 */
export function setGlobally({ scratch, env, git }: TestRepository, key: string, value: string): void {
  const file = join(scratch, 'global-configuration')
  env['GIT_CONFIG_GLOBAL'] = file
  git('config', '--file', file, key, value)
}
