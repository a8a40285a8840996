import { join } from 'node:path'
import { exactSignOf, signOf } from '../files/sign.js'
import { SYSTEM_ATTRIBUTES, userFile } from '../git/user-files.js'
import type { Site } from '../site.js'

/** The files outside of a worktree that say which files are ignored or converted, each with its sign; null for what is not there. */
export type Rules = readonly (readonly [string, string | null])[]

/** The sign of what was changed just now: none has it. */
const YOUNG = ''

export function rulesOf(site: Site): Rules {
  const { commonDir, settings } = site.repository
  const excludes = [
    join(commonDir, 'info', 'exclude'),
    userFile('ignore', commonDir, settings.values.get('core.excludesfile')),
  ]
  return [...excludes, ...attributeFiles(site)].map((file) => [
    file,
    exactSignOf(file) === null ? null : (signOf(file) ?? YOUNG),
  ])
}

function attributeFiles({ repository: { commonDir, settings } }: Site): readonly string[] {
  return [
    join(commonDir, 'info', 'attributes'),
    userFile('attributes', commonDir, settings.values.get('core.attributesfile')),
    SYSTEM_ATTRIBUTES,
  ]
}

/** Whether there is a file outside of the worktree that gives attributes to files. */
export function hasAttributes(site: Site, rules: Rules): boolean {
  const files = new Set(attributeFiles(site))
  return rules.some(([file, sign]) => sign !== null && files.has(file))
}

export function areSame(rules: Rules): boolean {
  return rules.every(([file, sign]) => exactSignOf(file) === sign)
}

const NAMES = new Set(['.gitignore', '.gitattributes'])

/** Whether a file of that name, in whichever directory of a worktree, does so. */
export function isRule(name: string): boolean {
  return NAMES.has(name)
}
