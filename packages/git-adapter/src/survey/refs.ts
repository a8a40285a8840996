import type { Relation } from '@coppice/core'
import { isAncestor } from '../git/objects.js'
import type { Place } from '../git/place.js'
import { git } from '../git/run.js'

/** All branches and all pins, by their full names. */
export async function surveyRefs(repository: Place): Promise<Readonly<Record<string, string>>> {
  const args = ['for-each-ref', '--format=%(objectname) %(refname)', 'refs/heads', 'refs/coppice']
  const lines = (await git(repository, { args })).stdout.toString('utf8').split('\n')
  return Object.fromEntries(
    lines.flatMap((line) => {
      const end = line.indexOf(' ')
      return end === -1 ? [] : [[line.slice(end + 1), line.slice(0, end)]]
    }),
  )
}

/** How one commit stands to another; null where one of them is none. */
export async function relationOf(
  repository: Place,
  one: string | null,
  other: string | null,
): Promise<Relation | null> {
  if (one === null || other === null) return null
  if (one === other) return 'same'
  if (await isAncestor(repository, one, other)) return 'behind'
  return (await isAncestor(repository, other, one)) ? 'ahead' : 'diverged'
}
