import { join } from 'node:path'
import { exactSignOf, signOf } from '../files/sign.js'
import { SYSTEM_ATTRIBUTES, userFile } from '../git/user-files.js'
import type { Site } from '../site.js'

/** The files outside of a worktree that say which files are ignored or converted, each with its sign; null for what is not there. */
export type Rules = readonly (readonly [string, string | null])[]

/** The sign of what was changed just now: none has it. */
const YOUNG = ''

export function rulesOf({ repository }: Site): Rules {
  const { commonDir, settings } = repository
  const files = [
    join(commonDir, 'info', 'exclude'),
    join(commonDir, 'info', 'attributes'),
    userFile('ignore', commonDir, settings.values.get('core.excludesfile')),
    userFile('attributes', commonDir, settings.values.get('core.attributesfile')),
    SYSTEM_ATTRIBUTES,
  ]
  return files.map((file) => [file, exactSignOf(file) === null ? null : (signOf(file) ?? YOUNG)])
}

export function areSame(rules: Rules): boolean {
  return rules.every(([file, sign]) => exactSignOf(file) === sign)
}

const NAMES = new Set(['.gitignore', '.gitattributes'])

/** Whether a file of that name, in whichever directory of a worktree, does so. */
export function isRule(name: string): boolean {
  return NAMES.has(name)
}
