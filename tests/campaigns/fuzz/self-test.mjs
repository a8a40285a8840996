import { onFiles } from '../disk/altered.mjs'
import { Cases } from './cases.mjs'
import { LogInMemory } from './log-in-memory.mjs'

/** Cases among which what is wrong has to be found. */
const CASES = 3_000

const NEWLINE = 0x0a

const onDisk = (weaken) => (files) => new LogInMemory(files, weaken)

/** Ways in which the code under test reads or writes something else than what is there; as a faulty code would. */
const FAULTS = {
  'damage is overlooked': (_, log) => new LogInMemory(log.files),
  'empty lines are read for what is there': onDisk(
    onFiles((file, mode) =>
      mode === 'read'
        ? { read: async (buffer, offset) => emptied(buffer, await file.read(buffer, offset)) }
        : {},
    ),
  ),
  'what is cut off is not kept': onDisk(
    onFiles((_file, _mode, path) => (path.includes('torn-') ? { write: ({ length }) => length } : {})),
  ),
  'a reading changes a log': onDisk(
    onFiles((file, mode) => ({
      close: () => mode === 'read' && file.write(Buffer.from('\n'), file.size()),
    })),
  ),
}

/** A fuzzer that finds nothing where there is something to be found would find nothing at all. */
export async function expectFinds(seed, tally) {
  for (const [name, makeLog] of Object.entries(FAULTS)) {
    const found = await firstFound(await Cases.of(seed), await Cases.of(seed, makeLog))
    if (found !== null) process.stdout.write(`${name}: found by case ${found.number}: ${found.sentence}\n`)
    tally.add(
      'faults to be found',
      `--self-test --seed ${seed}`,
      found === null ? [`nothing was found: ${name}`] : [],
    )
  }
}

/** The first case that only the fault lets go wrong. */
async function firstFound(sound, faulty) {
  for (let number = 0; number < CASES; number++) {
    const { broken } = await faulty.run(number)
    if (broken.length === 0 || (await sound.run(number)).broken.length > 0) continue
    return { number, sentence: broken[0].split('\n')[0] }
  }
  return null
}

/** Leaves the second half of what was read empty. */
function emptied(buffer, count) {
  buffer.fill(NEWLINE, Math.floor(count / 2), count)
  return count
}
