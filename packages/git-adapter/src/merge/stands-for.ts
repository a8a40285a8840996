import { join } from 'node:path'
import { lookAt, readLine } from '../files/look.js'
import { branchRef } from '../git/refs.js'
import type { Repository } from '../repository/repository.js'

/** Symbolic refs that git follows, one after another. */
const MAX_DEPTH = 5

/** The branch that another one is a name for, as `master` may be for `main`: that is the one which somebody has checked out. */
export async function standsFor({ commonDir }: Repository, branch: string): Promise<string> {
  let name = branch
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const file = join(commonDir, branchRef(name))
    const said = (await lookAt(file))?.isFile() === true ? await readLine(file) : null
    const [, next] = /^ref: refs\/heads\/(.+)$/.exec(said ?? '') ?? []
    if (next === undefined) return name
    name = next
  }
  return name
}
