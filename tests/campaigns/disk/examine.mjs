import { readReference } from '../fuzz/reference-reader.mjs'
import { DIRECTORY } from './actors.mjs'

const ONE_APPEND = [{ stream: 3, count: 2, padding: 0, expected: 'any' }]

/**
 * What everybody may expect after a power cut: a new process reads what was acknowledged and what others have read, and
 * appends; and whoever reads then finds that too. Ends early when the power is cut meanwhile.
 */
export async function examine(player) {
  const { machine, ledger } = player
  const { cuts } = machine
  const facts = await player.read({ by: 'examiner', isAwaited: true, fate: null })
  if (machine.cuts > cuts || facts === null) return
  ledger.restart(facts)
  await player.append({ by: 'examiner', isAwaited: true, fate: null, appends: ONE_APPEND })
  if (machine.cuts > cuts) return
  requireReference(facts.length + 2, machine, ledger)
  player.actors.end('examiner')
}

/** A reader that was written from the document of the format alone has to find so many facts, all that are known. */
function requireReference(count, machine, ledger) {
  const { facts = [], damage } = readReference(machine.filesIn(`${DIRECTORY}/log`))
  for (const [index, fact] of facts.entries()) ledger.read(fact, index)
  ledger.readAll(facts, ledger.acknowledged)
  if (facts.length !== count)
    ledger.broken.push(`the reference reader finds ${damage ?? `${facts.length} facts`}`)
}
