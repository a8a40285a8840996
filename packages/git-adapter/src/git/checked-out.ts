import { GitError } from '../errors/git-errors.js'
import type { Place } from './place.js'
import { git } from './run.js'

/**
 * What git writes for an object at a path, through the filters that the user has for it.
 *
 * @throws {GitError} where it cannot
 */
export async function checkedOut(place: Place, path: Buffer, oid: string): Promise<Buffer> {
  const name = path.toString('utf8')
  if (Buffer.from(name).equals(path)) {
    return (await git(place, { args: ['cat-file', '--filters', `--path=${name}`, oid] })).stdout
  }
  // An argument is UTF-8. Here git passes over blanks that a name begins with, which few such names do.
  const args = ['cat-file', '--filters', '--batch', '-z']
  const input = Buffer.concat([Buffer.from(`${oid} `), path, Buffer.of(0)])
  const { stdout } = await git(place, { args, input })
  const end = stdout.indexOf('\n')
  // Of an object that is missing git says so in one line, and calls that no failure.
  if (end + 1 === stdout.length) throw new GitError(args, 0, stdout.toString('utf8'))
  return stdout.subarray(end + 1, -1)
}
