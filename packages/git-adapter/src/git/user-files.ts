import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/**
 * Where git reads what a user ignores, or the attributes that a user gives to files, in every repository; see gitignore(5) and
 * gitattributes(5).
 *
 * @param configured what `core.excludesFile` or `core.attributesFile` says
 */
export function userFile(
  name: 'ignore' | 'attributes',
  commonDir: string,
  configured: string | undefined,
): string {
  if (configured !== undefined) return resolve(commonDir, configured.replace(/^~(?=\/)/, homedir()))
  // An empty variable counts as none.
  return join(process.env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'git', name)
}

/** Attributes that the system gives to files in every repository. */
export const SYSTEM_ATTRIBUTES = '/etc/gitattributes'
