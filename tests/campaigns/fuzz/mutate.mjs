import { byteMutations } from './byte-mutations.mjs'
import { lineMutations } from './line-mutations.mjs'
import { sealMutations } from './seal-mutations.mjs'
import { segmentMutations } from './segment-mutations.mjs'

const MUTATIONS = [byteMutations, lineMutations, segmentMutations, sealMutations].map((group) =>
  Object.entries(group),
)
const [, , , SEALED] = MUTATIONS

/** How many mutations a log gets. */
const COUNTS = [1, 1, 1, 1, 1, 2, 2, 2, 3, 5]

/**
 * Changes a log by chance.
 *
 * @returns its `files` then, what was done to it in words, and whether hashes were made right again
 */
export function mutate(log, corpus, random) {
  const files = new Map(log.files)
  const done = []
  let isSealed = false
  for (let count = random.of(COUNTS); count > 0; count--) {
    const group = random.of(MUTATIONS)
    const [name, apply] = random.of(group)
    const what = apply(files, random, corpus)
    if (what === null) continue
    done.push(`${name}: ${what}`)
    isSealed ||= group === SEALED
  }
  return { files, done, isSealed }
}
