import { spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { fileURLToPath } from 'node:url'

export const usage =
  'round-trip [--trees 2000] [--seed N]   worktrees of every kind, parked and resumed, abandoned and restored'

export const options = {
  trees: { type: 'string', default: '200' },
  seed: { type: 'string' },
}

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const TEST = 'tests/git-adapter/capture/round-trip.property.test.ts'

/** Trees that share one repository; with more, its many tasks are what takes the time. */
const LOT = 100

export function obstacle() {
  return null
}

/** The property is that of the test; here it is tried more often, in one fresh repository after the other. */
export async function run({ trees, seed: given }, tally) {
  const seed = Number(given ?? randomInt(1_000_000_000))
  process.stdout.write(`seed ${seed}\n`)
  for (let done = 0; done < Number(trees); done += LOT) {
    const count = Math.min(LOT, Number(trees) - done)
    const env = { ...process.env, COPPICE_TREES: String(count), COPPICE_SEED: String(seed + done) }
    const vitest = ['node_modules/vitest/vitest.mjs', 'run', TEST]
    const { status, stdout } = spawnSync(process.execPath, vitest, { cwd: ROOT, env, encoding: 'utf8' })
    tally.count('trees', count)
    tally.add(`lots of ${LOT} trees`, `--trees ${count} --seed ${seed + done}`, status === 0 ? [] : [stdout])
  }
}
