import type { Rejected } from '@coppice/core'
import { join } from 'node:path'
import { filteredPaths } from '../capture/filtered.js'
import { isThere } from '../files/look.js'
import { differencesOf } from '../git/differences.js'
import { configured, type Place } from '../git/place.js'
import { haveSameAttributes } from '../pool/same-attributes.js'
import { upToDate } from '../repository/settings.js'
import type { Site } from '../site.js'
import { markIn } from '../worktree/ownership.js'
import type { Move } from './move.js'
import { rejected } from './rejected.js'

/**
 * What git is told besides in a checkout in which an agent may be at work: a task's branch can be the target of another
 * task. There no filter runs, for those that the user names by a path in the repository are the agent's there.
 */
export type Cautious = (place: Place) => Place

/** For every other checkout. */
const AS_EVER: Cautious = (place) => place

/**
 * How to work in a checkout, or why not: in an agent's nothing is done that would need a filter, or configuration that
 * an agent may have written.
 */
export async function cautionFor(opened: Site, move: Move): Promise<Cautious | Rejected> {
  const { gitDir, workTree, from, to } = move
  if (gitDir === opened.repository.commonDir || (await markIn(gitDir)) === null) return AS_EVER
  const where = `it is checked out in ${workTree}, where an agent may be at work`
  if (await isThere(join(gitDir, 'config.worktree')))
    return rejected(
      'checkout-in-the-way',
      `${where} and that has git configuration of its own (config.worktree)`,
    )
  const site = await upToDate(opened)
  const { filters } = site.repository.settings
  if (filters.size === 0) return AS_EVER
  const paths = (await differencesOf({ gitDir }, from, to)).map(({ path }) => path)
  const filtered = await filteredPaths(site, { workTree }, paths)
  if (filtered.size > 0 || !(await haveSameAttributes(site, from, to))) {
    const files = [...filtered].map((path) => Buffer.from(path, 'latin1').toString('utf8'))
    return rejected(
      'checkout-in-the-way',
      `${where}, and files change there that a filter converts; park that task`,
      { files },
    )
  }
  return (place) => [...filters].reduce(withoutFilter, place)
}

function withoutFilter(place: Place, filter: string): Place {
  const silenced = ['clean', 'smudge', 'process'].reduce(
    (each, what) => configured(each, `filter.${filter}.${what}`, ''),
    place,
  )
  return configured(silenced, `filter.${filter}.required`, 'false')
}
