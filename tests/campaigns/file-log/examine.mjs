// Opens the file log in argv[2] as a clean process does: reads all of it, which verifies the chain, loads the
// snapshot, appends one fact and then three, and reads it again after another opening. Answers on stdout in JSON with
// the facts before and after, and what the appends were answered; or with the error that it met.
import { isCoppiceError } from '@coppice/core'
import { LowdbSnapshots, openFileLog } from '@coppice/store'

const [directory, segmentBytes, label] = process.argv.slice(2)
const options = { segmentBytes: Number(segmentBytes) }

function brief({ sequence, hash, stream, version, data }) {
  return { sequence, hash, stream, version, from: String(data.reason).split(' ', 2).join(' ') }
}

async function factsOf(log) {
  const facts = []
  for await (const fact of log.read()) facts.push(brief(fact))
  return facts
}

function factsFor(name, count) {
  return Array.from({ length: count }, (_, index) => ({
    type: 'task.parked',
    at: '2024-01-02T03:04:05.678Z',
    data: { reason: `${name} ${index + 1}/${count}` },
  }))
}

/** What was saved last; `done` is null if a part of that is gone. */
async function snapshotIn() {
  const snapshots = new LowdbSnapshots(directory, () => {})
  const found = await snapshots.load()
  if (found === null) return null
  const { sequence, hash } = found
  try {
    return { sequence, hash, done: [...snapshots.done()].map(({ task }) => task.id) }
  } catch (error) {
    if (isCoppiceError(error, 'snapshot-lost')) return { sequence, hash, done: null }
    throw error
  } finally {
    snapshots.close()
  }
}

async function examine() {
  const log = await openFileLog(directory, options)
  const before = await factsOf(log)
  const snapshot = await snapshotIn()
  const one = await log.append(`task/${label}`, factsFor(`${label}#1`, 1), 'no-stream')
  const three = await log.append(`task/${label}`, factsFor(`${label}#2`, 3), 1)
  await log.close()
  const again = await openFileLog(directory, options)
  const after = await factsOf(again)
  await again.close()
  return {
    before,
    after,
    appended: [...one, ...three].map(brief),
    snapshot,
  }
}

let found
try {
  found = await examine()
} catch (error) {
  found = { error: isCoppiceError(error) ? `${error.code}: ${error.message}` : String(error?.stack ?? error) }
}
process.stdout.write(JSON.stringify(found))
