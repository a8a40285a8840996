import { isForeseen } from '../errors/foreseen.js'
import { differencesOf, type Difference } from '../git/differences.js'
import { joinNul } from '../git/nul.js'
import { resolve } from '../git/objects.js'
import { git } from '../git/run.js'
import type { Files } from './capture-files.js'

/**
 * Has an index name the content that the files are expected to have, of which it knows no times, so that git reads each of those: if
 * they are as expected, a single look tells it. Answers with the tree that the index is now: the expected one, or its own
 * where any of that is not there.
 *
 * @param staged the index as a tree
 */
export async function expecting(
  { place, oidLength }: Pick<Files, 'place' | 'oidLength'>,
  staged: string,
  expected: string,
  signal?: AbortSignal,
): Promise<string> {
  if (expected === staged) return staged
  try {
    const differences = await differencesOf(place, staged, expected)
    const named = differences.flatMap(({ to }) => (to === null || to.mode === SUBMODULE ? [] : [to.oid]))
    if ((await resolve(place, named)).includes(null)) return staged
    const gone = differences.map(({ path }) => lineOf(`0 ${'00'.repeat(oidLength)}`, path))
    const there = differences.flatMap(nowThere)
    const args = ['update-index', '-z', '--index-info']
    await git(place, { args, input: joinNul([...gone, ...there]) }, signal)
    return expected
  } catch (error) {
    signal?.throwIfAborted()
    if (!isForeseen(error)) throw error
    return staged
  }
}

const SUBMODULE = '160000'

function nowThere({ path, to }: Difference): readonly Buffer[] {
  return to === null ? [] : [lineOf(`${to.mode} ${to.oid}`, path)]
}

function lineOf(head: string, path: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${head}\t`), path])
}
