// Runs a campaign: `npm run campaign -- <name> [options]`. A campaign runs the real code into faults, many times over,
// and ends with 1 as soon as one promise was broken; 77 means that this machine cannot run it, and says why.
import { parseArgs } from 'node:util'
import { Tally } from './tally.mjs'

/**
 * Every campaign's module exports `options` (as `parseArgs` takes them), `usage`, `obstacle(values)` with what keeps
 * it from running here, or null, and `run(values, tally)`.
 */
const campaigns = {
  chaos: () => import('./chaos/campaign.mjs'),
  crash: () => import('./crash/campaign.mjs'),
  disk: () => import('./disk/campaign.mjs'),
  fuzz: () => import('./fuzz/campaign.mjs'),
  mutants: () => import('./mutants/campaign.mjs'),
  power: () => import('./power/campaign.mjs'),
  'round-trip': () => import('./round-trip/campaign.mjs'),
  stories: () => import('./stories/campaign.mjs'),
  strace: () => import('./strace/campaign.mjs'),
}

const VIOLATED = 1
const MISUSED = 2
const UNABLE = 77

async function main([name, ...args]) {
  if (!Object.hasOwn(campaigns, name ?? '')) return refuse('usage: npm run campaign -- <name> [options]')
  const campaign = await campaigns[name]()
  let values
  try {
    values = parseArgs({ args, options: campaign.options }).values
  } catch (error) {
    return refuse(error.message)
  }
  const obstacle = await campaign.obstacle(values)
  if (obstacle !== null) {
    process.stdout.write(`the ${name} campaign cannot run here: ${obstacle}\n`)
    return UNABLE
  }
  const tally = new Tally(name)
  await campaign.run(values, tally)
  tally.print()
  return tally.violations === 0 && tally.cases > 0 ? 0 : VIOLATED
}

async function refuse(problem) {
  process.stderr.write(`${problem}\n`)
  for (const load of Object.values(campaigns)) process.stderr.write(`  ${(await load()).usage}\n`)
  return MISUSED
}

process.exitCode = await main(process.argv.slice(2))
