import { snapshotLine } from './ledger.mjs'

/** The one refusal that leaves open what the disk holds; the append may be in the log, whole. */
const OPEN = 'log-read-only'

/**
 * Compares what the workloads said with what a clean process found, and answers with a sentence for every promise
 * that was broken.
 *
 * @param ledger what was said
 * @param found what `examine.mjs` answered
 * @param options.powerCut that the power failed: nobody has seen the refusals of its last moments, so that they
 *   count for nothing, and the snapshot, which is never synced, may be gone
 */
export function judge(ledger, found, { powerCut = false } = {}) {
  const told = powerCut ? [] : ledger.broken
  if (found.error !== undefined) return [...told, `a clean process failed with ${found.error}`]
  return [
    ...told,
    ...lost(ledger, found.before),
    ...(powerCut ? [] : resurrected(ledger, found.before)),
    ...halves(found.before),
    ...disorder(found.after),
    ...unequal([...found.before, ...found.appended], found.after),
    ...snapshot(ledger, found, powerCut),
  ]
}

function lost(ledger, facts) {
  const held = new Map(facts.map(({ sequence, hash }) => [sequence, hash]))
  return [...ledger.acknowledged]
    .filter(([sequence, hash]) => held.get(sequence) !== hash)
    .map(
      ([sequence]) => `the acknowledged fact ${sequence} is ${held.has(sequence) ? 'another one' : 'gone'}`,
    )
}

function resurrected(ledger, facts) {
  const appends = new Set(facts.map(({ from }) => from.split(' ')[0]))
  return [...ledger.refused]
    .filter(([append, why]) => appends.has(append) && !why.startsWith(OPEN))
    .map(([append, why]) => `append ${append} is in the log, and was refused with ${why}`)
}

/** Every append's facts follow one another, the first to the last. */
function halves(facts) {
  const broken = []
  for (let index = 0; index < facts.length;) {
    const [append, part] = facts[index].from.split(' ')
    const count = Number(part.split('/')[1])
    const expected = Array.from({ length: count }, (_, one) => `${append} ${one + 1}/${count}`)
    const there = facts.slice(index, index + count).map(({ from }) => from)
    if (there.join() !== expected.join()) {
      return [...broken, `append ${append} of ${count} facts is there as ${there.join()}`]
    }
    index += count
  }
  return broken
}

function disorder(facts) {
  const versions = new Map()
  return facts.flatMap(({ sequence, stream, version }, index) => {
    const expected = (versions.get(stream) ?? 0) + 1
    versions.set(stream, version)
    if (sequence === index + 1 && version === expected) return []
    return [
      `at place ${index + 1} there is fact ${sequence}, version ${version} of ${stream}, not ${expected}`,
    ]
  })
}

function unequal(expected, facts) {
  if (JSON.stringify(expected) === JSON.stringify(facts)) return []
  return [`reading again gave ${facts.length} facts, not the ${expected.length} that were read and appended`]
}

function snapshot(ledger, { before, snapshot: found }, powerCut) {
  if (found === null || found.done === null) {
    return powerCut || !ledger.hasSaved ? [] : ['the snapshot that was saved is gone']
  }
  const { sequence, hash, done } = found
  if (before[sequence - 1]?.hash !== hash)
    return [`the snapshot is of fact ${sequence}, which the log does not have`]
  if (ledger.announced.has(snapshotLine(sequence, done))) return []
  return [`no process has saved the snapshot of fact ${sequence} with the done tasks ${done.join()}`]
}
