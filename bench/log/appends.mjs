import { measureIn } from '../harness/child.mjs'
import { compare } from '../harness/compare.mjs'
import { withDirectory } from '../harness/scratch.mjs'
import { count, failedRow, ratioCell } from '../harness/table.mjs'
import { installPeers } from './peers.mjs'

const program = new URL('programs/append.mjs', import.meta.url)

/** How often the floor's rate each rate of ours has to be, by the number of appends under way at a time. */
const BARS = { 1: 0.7, 64: 12, 1024: 36 }

/** Durable appends, ours and others', against one write and one fdatasync an event. */
export async function appends({ scratch, rounds, peers, sizes }) {
  const measure = (options) =>
    withDirectory(scratch, (directory) => measureIn(program, { directory, ...options }))
  const ours = sizes.map((size) => ({
    name: `Coppice, ${atATime(size)}`,
    measure: () => measure({ contender: 'coppice', ...size }),
    bar: BARS[size.concurrency],
  }))
  const others = (peers ? installPeers() : []).flatMap((peer) =>
    sizes.map((size) => {
      const facts = Math.ceil(size.facts / peer.slowness)
      return {
        name: `${peer.name}, ${atATime(size)}${size.concurrency === 1 ? '' : ` (${peer.together})`}`,
        measure: () => measure({ contender: peer.contender, home: peer.home, ...size, facts }),
        isPeer: true,
        problem: peer.problem,
      }
    }),
  )
  const contenders = [...ours, ...others]
  const floor = () => measure({ contender: 'floor', ...sizes[0] })
  const comparisons = await compare({ rounds, against: floor, contenders })
  return comparisons.map((comparison, index) => rowOf(comparison, contenders[index].bar))
}

function rowOf(comparison, bar) {
  const { name, problem, value, against, ratio } = comparison
  const measure = `durable appends: ${name}`
  if (problem !== null) return failedRow(measure, problem)
  const judged = bar === undefined ? {} : { bar: `≥ ${bar}x`, isMet: ratio >= bar }
  return {
    measure,
    result: `${count(value)}/s`,
    against: `write + fdatasync an event: ${count(against)}/s`,
    ratio: ratioCell(comparison, times),
    ...judged,
  }
}

function atATime({ concurrency }) {
  return concurrency === 1 ? 'one at a time' : `${count(concurrency)} at a time`
}

function times(ratio) {
  return `${ratio.toFixed(ratio < 10 ? 2 : 1)}x`
}
