import { keptBytes } from './kept-bytes.mjs'
import { textOf } from './known-facts.mjs'
import { factsOf, outcomeOf } from './log-in-memory.mjs'
import { readReference } from './reference-reader.mjs'

/** How a log may be refused: with what is wrong with it. */
const REFUSALS = new Set(['log-corrupt', 'log-version'])

const NEW_FACT = { type: 'task.parked', at: '2024-01-02T03:04:05.678Z', data: { reason: 'afterwards' } }

/**
 * Has a log read and appended to, and compares that with what the document of the format says.
 *
 * @param mutated what `mutate` answered
 * @param known `KnownFacts` of all logs that it may be made of
 * @param random decides how the log is opened
 * @param makeLog makes a `LogInMemory` of the files
 * @returns what became of the log, and a sentence for everything that should not be
 */
export async function judge({ log, files, isSealed }, known, random, makeLog) {
  const memory = makeLog(files, log)
  const open = () => memory.open(random.percent(20) ? { segmentBytes: 500 } : {})
  const opened = await outcomeOf(open)
  const read = opened.error === undefined ? await outcomeOf(() => factsOf(opened.value)) : opened
  if (opened.error !== undefined) return refused(read, read, files, memory)
  // A log that has read nothing yet has to come to the same.
  const writer = random.percent(50) ? await open() : opened.value
  const appended = await outcomeOf(() => writer.append('task/new', [NEW_FACT], 'any'))
  if (read.error !== undefined) return refused(read, appended, files, memory)
  const texts = read.value.map(textOf)
  const isWhole = texts.length === log.facts.length
  const outcome = `read ${isSealed ? 'as the hashes allow' : isWhole ? 'as it was' : 'in part'}`
  const broken = [
    ...unequal(texts, readReference(files)),
    ...(isSealed ? [] : known.compare(read.value, texts, files)),
  ]
  if (broken.length > 0) return { outcome, broken }
  const lost = keptBytes(files, memory.files)
  return { outcome, broken: [...(await unlikeAfterwards(texts, appended, memory)), ...lost] }
}

function refused(read, appended, before, memory) {
  const broken = []
  const { facts } = readReference(before)
  if (facts !== undefined)
    broken.push(`the document has ${facts.length} facts here, and reading: ${read.error.message}`)
  for (const { code, error, value } of [read, appended]) {
    if (error === undefined) broken.push(`appended to a log that cannot be read: ${JSON.stringify(value)}`)
    else if (!REFUSALS.has(code)) broken.push(`refused with ${code}: ${error.stack}`)
  }
  if (!isSame(before, memory.files)) broken.push('a log that was refused was changed')
  return { outcome: `refused with ${read.code}`, broken }
}

async function unlikeAfterwards(before, appended, memory) {
  if (appended.error !== undefined) return [`what can be read cannot be appended to: ${appended.error.stack}`]
  const again = await outcomeOf(async () => factsOf(await memory.open()))
  if (again.error !== undefined) return [`after an append it cannot be read any more: ${again.error.stack}`]
  const texts = again.value.map(textOf)
  const expected = [...before, ...appended.value.map(textOf)]
  const isExpected =
    texts.length === expected.length && texts.every((text, index) => text === expected[index])
  return [
    ...(isExpected ? [] : ['after an append other facts are read']),
    ...unequal(texts, readReference(memory.files)),
  ]
}

function unequal(texts, { facts, damage }) {
  if (damage !== undefined) return [`there are ${texts.length} facts, and the document says: ${damage}`]
  if (texts.length !== facts.length)
    return [`there are ${texts.length} facts, and the document has ${facts.length}`]
  const differs = texts.findIndex((text, index) => text !== textOf(facts[index]))
  return differs === -1
    ? []
    : [`fact ${differs + 1} is ${texts[differs]}, and the document has ${textOf(facts[differs])}`]
}

function isSame(before, after) {
  return (
    before.size === after.size &&
    [...before].every(([name, bytes]) => after.get(name)?.equals(bytes) === true)
  )
}
