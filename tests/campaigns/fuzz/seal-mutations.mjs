import { anySegment } from './changed.mjs'
import { bodiesIn, fieldsIn, reseal, resealOne } from './reseal.mjs'
import { bodyOf, ZEROS } from './seal.mjs'

const VALUES = [
  0,
  1,
  2,
  3,
  -1,
  0.5,
  1e16,
  2 ** 53,
  null,
  true,
  '',
  '1',
  'task/0',
  'coppice',
  [],
  {},
  [0],
  ZEROS,
]
const BYTES = Buffer.from(' \t"{}[]:,01.-eE\\\0\xff\xef\xbb\xbf', 'latin1')

const HEADER_FIELDS = ['v', 'log', 'segment', 'first', 'prev']
const FIELDS = ['v', 'seq', 'version', 'more', 'synced', 'stream', 'type', 'at', 'data', 'hash']

/** Bytes of a line that are no body, and of a line in all. */
const TAIL_BYTES = 76
const MAX_HEADER_BYTES = 4_096
const MAX_RECORD_BYTES = 1_048_576

/** A record is made so long only once in so many times, because that takes long. */
const LONG_EVERY = 50

/** Of a hundred changed lines, how many alone get the right hash, and those that follow do not. */
const ALONE = 15

/**
 * Changes that come with the right hashes, as nobody makes them by chance: what the hash cannot vouch for has to be looked
 * at as well. Each answers with what it did.
 */
export const sealMutations = {
  setAField: ofFields((fields, name, random) => ({ ...fields, [name]: valueOf(fields[name], random) })),
  removeAField: ofFields((fields, name) => ({ ...fields, [name]: undefined })),
  addAField: ofFields((fields, _, random) => ({ ...fields, extra: random.of(VALUES) })),
  moveAField: ofFields(({ v, ...fields }, name) => {
    const { [name]: moved, ...others } = fields
    return { v, ...others, ...(moved === undefined ? {} : { [name]: moved }) }
  }),
  lengthen: ofABody((body, at, random) => {
    if (at > 0 && random.below(LONG_EVERY) > 0) return body
    const limit = (at === 0 ? MAX_HEADER_BYTES : MAX_RECORD_BYTES) - TAIL_BYTES
    const length = limit + random.of([-1, 0, 1, 2, 1_000, 200_000])
    const frame = bodyOf({ ...fieldsIn(body), extra: '' }).length
    return Buffer.from(bodyOf({ ...fieldsIn(body), extra: 'x'.repeat(Math.max(length - frame, 0)) }))
  }),
  changeAByte: ofABody((body, at, random) => {
    const changed = Buffer.from(body)
    changed[random.below(body.length)] = random.of(BYTES)
    return changed
  }),
  insertAByte: ofABody((body, at, random) => {
    const place = random.below(body.length + 1)
    return Buffer.concat([body.subarray(0, place), Buffer.from([random.of(BYTES)]), body.subarray(place)])
  }),
  removeARecord: ofBodies((bodies, at) => bodies.toSpliced(at, 1)),
  repeatARecord: ofBodies((bodies, at) => bodies.toSpliced(at, 0, bodies[at])),
  swapRecords: ofBodies((bodies, at) => bodies.with(at, bodies.at(at - 1)).with(at - 1, bodies[at])),
}

function ofFields(change) {
  return ofABody((body, at, random) => {
    const name = random.of(at === 0 ? HEADER_FIELDS : FIELDS)
    return Buffer.from(bodyOf(change(fieldsIn(body), name, random)))
  })
}

function ofABody(change) {
  return (files, random) => {
    const name = anySegment(files, random)
    const bodies = name === null ? [] : bodiesIn(files.get(name)).bodies
    if (bodies.length === 0) return null
    const at = random.below(bodies.length)
    const body = change(bodies[at], at, random)
    const isAlone = random.percent(ALONE)
    if (isAlone) resealOne(files, name, at, body)
    else reseal(files, name, () => bodies.with(at, body))
    return `${name} at line ${at}${isAlone ? ', it alone' : ''}: ${body.length} bytes, ${body.toString('latin1', 0, 300)}`
  }
}

function ofBodies(change) {
  return (files, random) => {
    const name = anySegment(files, random)
    if (name === null) return null
    let what = null
    reseal(files, name, (bodies) => {
      const at = random.below(bodies.length)
      what = `${name} at line ${at}`
      return change(bodies, at)
    })
    return what
  }
}

function valueOf(old, random) {
  if (typeof old === 'number' && random.percent(60)) return old + random.of([-2, -1, 1, 2, 10])
  return random.of(VALUES)
}
