import { LogInMemory } from './log-in-memory.mjs'
import { bodyOf, seal, ZEROS } from './seal.mjs'

const AT = '2024-01-02T03:04:05.678Z'
const FIRST = '00000001.jsonl'

/** Values that are odd in JSON, in UTF-8 or in a line of the log. */
const ODD_TEXTS = [
  '',
  '\n',
  '"}\n',
  '\0',
  '\u2028',
  '\ufffd',
  '\ufeff',
  '☂',
  '𝄞',
  '\ud800',
  '\\u000a',
  ',"hash":"',
]
const ODD_NUMBERS = [0, -1, 1.5, 1e21, 2 ** 53, 5e-324]
const ODD_OBJECTS = [
  [],
  {},
  [[]],
  { hash: 'a' },
  { synced: 9 },
  JSON.parse('{"__proto__":1,"constructor":2}'),
]
const ODD = [null, true, ...ODD_TEXTS, ...ODD_NUMBERS, ...ODD_OBJECTS]

const fact = (data, type = 'task.parked') => ({ type, at: AT, data })
const facts = (count, length = 20) =>
  Array.from({ length: count }, (_, part) => fact({ part, text: 'x'.repeat(length) }))

/**
 * Small logs that are as they should be, each with its files and with the facts that are in it, as their appends were
 * answered.
 */
export async function makeCorpus() {
  const long = Array.from({ length: 9 }, (_, index) => [facts(1 + (index % 4))])
  const single = await written(
    'single facts',
    Array.from({ length: 6 }, () => [facts(1)]),
  )
  return [
    single,
    await written('several facts an append', [[facts(3)], [facts(1)], [facts(4)], [facts(2)]]),
    await written('several appends a write', [
      [facts(1)],
      [facts(2), facts(1), facts(3)],
      [facts(1), facts(2), facts(2)],
    ]),
    await written('several segments', long, { segmentBytes: 900 }),
    await written('odd values', [
      [ODD.map((value) => fact(value))],
      [facts(1)],
      [ODD.map((value) => fact({ value }))],
    ]),
    await written('reserved room', long, { isClosed: false }),
    await written('one append', [[facts(2)]]),
    await written('long lines', [[facts(1, 20_000)], [facts(2, 1)], [facts(1, 300_000)]]),
    await written('the longest line', [[facts(1)], [facts(1, 1_048_000)], [facts(1)]]),
    torn(single),
    abandoned(single),
    versionOne(),
    await continued(versionOne()),
    { name: 'nothing', files: new Map(), facts: [] },
    { name: 'a header', files: new Map([[FIRST, header(ZEROS, 1, 1).bytes]]), facts: [] },
  ]
}

/** @param writes appends that go into the log together */
async function written(name, writes, { segmentBytes, isClosed = true, files } = {}) {
  const memory = new LogInMemory(files)
  const log = await memory.open(segmentBytes === undefined ? {} : { segmentBytes })
  const recorded = []
  for (const [index, appends] of writes.entries()) {
    const answers = appends.map((append, turn) => log.append(`task/${(index + turn) % 3}`, append, 'any'))
    for (const answer of await Promise.all(answers)) recorded.push(...answer)
  }
  if (isClosed) await log.close()
  return { name, files: copyOf(memory.files), facts: recorded }
}

/** Behind its last append there is what a write has left that was interrupted. */
function torn(log) {
  const bytes = log.files.get(FIRST)
  const left = seal(
    log.facts.at(-1).hash,
    bodyOf({ v: 2, seq: 7, version: 3, stream: 'task/0', ...fact(null) }),
  )
  const end = Buffer.concat([bytes, left.bytes.subarray(0, 60), Buffer.alloc(40), Buffer.from('\n')])
  return { ...log, name: 'a torn end', files: new Map([[FIRST, end]]) }
}

/** Its last append could not be synced, and the next segment leaves it out. */
function abandoned({ files, facts: all }) {
  const kept = all.slice(0, -1)
  const { bytes, hash } = header(kept.at(-1).hash, 2, kept.length + 1)
  const next = { type: 'task.resumed', at: AT, data: {} }
  const record = seal(hash, bodyOf({ v: 2, seq: kept.length + 1, version: 1, stream: 'task/new', ...next }))
  const last = { ...next, sequence: kept.length + 1, stream: 'task/new', version: 1, hash: record.hash }
  return {
    name: 'an append that was left out',
    files: new Map([...files, ['00000002.jsonl', Buffer.concat([bytes, record.bytes])]]),
    facts: [...kept, last],
  }
}

function versionOne() {
  const { bytes, hash } = header(ZEROS, 1, 1, 1)
  const lines = [bytes]
  const all = []
  let previous = hash
  for (const [index, more] of [0, 1, 0, 0, 2, 1, 0].entries()) {
    const { type, at, data } = fact({ reason: `old ${index}` })
    const [seq, version, stream] = [index + 1, index + 1, 'task/old']
    const line = seal(previous, bodyOf({ v: 1, seq, version, more, stream, type, at, data }))
    lines.push(line.bytes)
    all.push({ type, at, data, sequence: seq, stream, version, hash: line.hash })
    previous = line.hash
  }
  return { name: 'version 1', files: new Map([[FIRST, Buffer.concat(lines)]]), facts: all }
}

async function continued({ files, facts: old }) {
  const log = await written('version 1, then 2', [[facts(2)], [facts(1), facts(1)]], { files })
  return { ...log, facts: [...old, ...log.facts] }
}

function header(prev, segment, first, v = 2) {
  return seal(prev, bodyOf({ v, log: 'coppice', segment, first, prev }))
}

function copyOf(files) {
  return new Map([...files].map(([name, bytes]) => [name, Buffer.from(bytes)]))
}
