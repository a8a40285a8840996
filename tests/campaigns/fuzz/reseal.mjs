import { segmentsOf } from './changed.mjs'
import { linesOf, objectIn } from './reference-lines.mjs'
import { bodyOf, seal, ZEROS } from './seal.mjs'

const TAIL_BYTES = 76
const TAIL = /^,"hash":"([0-9a-f]{64})"\}\n$/

/**
 * Changes the bodies of a segment's lines, header included, and gives that segment's lines and all that follow the
 * right hashes.
 *
 * @param change takes the bodies and answers with others; null if nothing can be changed
 * @returns whether something was changed
 */
export function reseal(files, name, change) {
  const { bodies, before, rest } = bodiesIn(files.get(name))
  const others = bodies.length === 0 ? null : change(bodies)
  if (others === null) return false
  const sealed = sealAll(others, before)
  files.set(name, Buffer.concat([...sealed.lines, rest]))
  let { hash } = sealed
  const names = segmentsOf(files)
  for (const next of names.slice(names.indexOf(name) + 1)) {
    const following = bodiesIn(files.get(next))
    if (following.bodies.length === 0) break
    const [header, ...records] = following.bodies
    const { lines, hash: end } = sealAll(
      [Buffer.from(bodyOf({ ...fieldsIn(header), prev: hash })), ...records],
      hash,
    )
    files.set(next, Buffer.concat([...lines, following.rest]))
    hash = end
  }
  return true
}

/** Gives one line alone its right hash, so that the next one does not continue it any more. */
export function resealOne(files, name, at, body) {
  const lines = linesOf(files.get(name))
  const previous = at === 0 ? (fieldsIn(body).prev ?? ZEROS) : TAIL.exec(tailOf(lines[at - 1]))?.[1]
  files.set(name, Buffer.concat(lines.with(at, seal(previous ?? ZEROS, body).bytes)))
}

/** The fields of a body, none if it is broken. */
export function fieldsIn(body) {
  return objectIn(`${body.toString('utf8')}}`) ?? {}
}

/** The bodies of the lines that have a hash, up to the first one without, and the bytes from there on. */
export function bodiesIn(bytes) {
  const lines = linesOf(bytes)
  const broken = lines.findIndex((line) => !TAIL.test(tailOf(line)))
  const whole = broken === -1 ? lines : lines.slice(0, broken)
  const bodies = whole.map((line) => line.subarray(0, -TAIL_BYTES))
  const size = whole.reduce((sum, line) => sum + line.length, 0)
  const prev = bodies.length > 0 ? fieldsIn(bodies[0]).prev : null
  return { bodies, before: prev ?? ZEROS, rest: bytes.subarray(size) }
}

function sealAll(bodies, before) {
  let hash = before
  const lines = bodies.map((body) => {
    const line = seal(hash, body)
    hash = line.hash
    return line.bytes
  })
  return { lines, hash }
}

function tailOf(line) {
  return line.toString('latin1', Math.max(line.length - TAIL_BYTES, 0))
}
