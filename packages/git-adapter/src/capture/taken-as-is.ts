import { ENTRIES_IN_FULL, VERSION_AT } from './index-file.js'
import type { Look } from './kept-looks.js'
import { hasAttributes } from './rules.js'

/** What a file that gives attributes is called in any directory. */
const ATTRIBUTES = '.gitattributes'

/** Whether git takes all files of a worktree as they are: no attribute is given to any, and no setting makes others of them. */
export function isTakenAsIs({ site, rules, index }: Look): boolean {
  const { convertsLineEnds, tellsExecutables, tellsLinks } = site.repository.settings
  if (convertsLineEnds || !tellsExecutables || !tellsLinks || hasAttributes(site, rules)) return false
  // Where names stand in full, none that is there goes unseen.
  return index.readUInt32BE(VERSION_AT) <= ENTRIES_IN_FULL && !index.includes(ATTRIBUTES)
}
