import { join } from 'node:path'
import { exactSignOf, signOf } from '../files/sign.js'
import type { Site } from '../site.js'

/** The files outside of a worktree that say which files are ignored or converted, each with its sign; null for what is not there. */
export type Rules = readonly (readonly [string, string | null])[]

/** The sign of what was changed just now: none has it. */
const YOUNG = ''

export function rulesOf({ repository }: Site): Rules {
  const { commonDir, settings } = repository
  const configured = ['core.excludesfile', 'core.attributesfile'].flatMap(
    (key) => settings.values.get(key) ?? [],
  )
  const files = [join(commonDir, 'info', 'exclude'), join(commonDir, 'info', 'attributes'), ...configured]
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
