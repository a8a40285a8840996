import { isForeseen } from '../errors/foreseen.js'
import { differencesOf } from '../git/differences.js'
import { changeInfo } from '../git/index-info.js'
import { resolve } from '../git/objects.js'
import type { Place } from '../git/place.js'
import { git } from '../git/run.js'

/**
 * Has an index name the content that the files are expected to have, of which it knows no times, so that git reads each of those: if
 * they are as expected, a single look tells it. Answers with the tree that the index is now: the expected one, or its own
 * where any of that is not there.
 *
 * @param staged the index as a tree
 */
export async function expecting(
  place: Place,
  staged: string,
  expected: string,
  signal?: AbortSignal,
): Promise<string> {
  if (expected === staged) return staged
  try {
    const differences = await differencesOf(place, staged, expected)
    const named = differences.flatMap(({ to }) => (to === null || to.mode === SUBMODULE ? [] : [to.oid]))
    if ((await resolve(place, named)).includes(null)) return staged
    await git(place, { args: ['update-index', '-z', '--index-info'], input: changeInfo(differences) }, signal)
    return expected
  } catch (error) {
    signal?.throwIfAborted()
    if (!isForeseen(error)) throw error
    return staged
  }
}

/** Its commit is in a repository of its own. */
const SUBMODULE = '160000'
