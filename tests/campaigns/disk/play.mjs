import { Damage } from './damage.mjs'
import { Faults } from './faults.mjs'
import { Journal } from './journal.mjs'
import { Ledger } from './ledger.mjs'
import { Machine } from './machine.mjs'
import { Player } from './player.mjs'
import { Random } from './random.mjs'
import { Schedule } from './schedule.mjs'
import { SimulatedDirectory } from './simulated-directory.mjs'
import { passTimeBy } from './virtual-time.mjs'

/**
 * Plays a story on a new machine, and answers with the promises that were broken and with the journal.
 *
 * @param options.isTold whether the journal keeps what happened
 * @param options.weaken makes the disk of a process a worse one
 */
export async function play(story, { isTold = false, weaken } = {}) {
  const random = new Random(story.seed)
  const schedule = new Schedule(random)
  const journal = new Journal(isTold)
  const damageOf = ({ share }) => new Damage(random, journal, share)
  const machine = new Machine({ random, schedule, journal, damageOf, faults: new Faults() })
  // The repository is older than the story.
  machine.root.add('git', new SimulatedDirectory())
  machine.root.sync()
  const ledger = new Ledger()
  passTimeBy(() => schedule.sleep())
  await new Player(machine, ledger, story, weaken).play(story)
  for (let cut = 0; cut < machine.cuts; cut++) journal.count('power cuts')
  return { broken: ledger.broken, journal }
}
