import { join } from 'node:path'
import { filesBelow } from '../files/files-below.js'
import { readLine } from '../files/look.js'
import { resolve } from '../git/objects.js'
import type { Place } from '../git/place.js'

/** The commits that a worktree's own refs name (`refs/worktree/…`, `refs/bisect/…`); they go with git's entry of it. */
export async function commitsOfOwnRefs(place: Place, gitDir: string): Promise<readonly string[]> {
  const files = await filesBelow(gitDir, ['refs'])
  const texts = await Promise.all(files.map((file) => readLine(join(gitDir, file))))
  const ids = texts.filter((text) => text !== null && /^[0-9a-f]{40,64}$/.test(text))
  if (ids.length === 0) return []
  const commits = await resolve(
    place,
    ids.map((id) => `${id}^{commit}`),
  )
  return commits.filter((commit) => commit !== null)
}
