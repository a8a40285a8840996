import { randomInt } from 'node:crypto'
import { obstacle as obstacleToStrace } from '../strace/obstacle.mjs'
import { controlExperiment } from './control.mjs'
import { LogUnderCuts } from './log-under-cuts.mjs'
import * as merges from './merges/campaign.mjs'
import { drawnLife } from './workload.mjs'

export { obstacle } from './obstacle.mjs'

export const usage =
  'power [--of log|merges] [--cuts 200] [--seed N] [--log N]   power cuts under the file log, or under all of a repository, on ext4; for root'

export const options = {
  of: { type: 'string', default: 'log' },
  cuts: { type: 'string', default: '6' },
  seed: { type: 'string' },
  /** Runs one of the logs, or of the disks, alone. */
  log: { type: 'string' },
}

const MOUNT_OPTIONS = ['data=ordered', 'data=writeback']

/** How often the power of one log's disk is cut, so that a cut also comes after one that was recovered from. */
const CUTS_PER_LOG = 3

/** Logs from one that is followed by a check of its file system to the next. */
const CHECK_EVERY = 4

export async function run(values, tally) {
  const seed = Number(values.seed ?? randomInt(1_000_000))
  process.stdout.write(`seed ${seed}\n`)
  if (values.of === 'merges') return merges.run({ ...values, seed }, tally)
  for (const mountOptions of MOUNT_OPTIONS) await control(mountOptions, tally)
  const withoutStrace = obstacleToStrace({ install: false })
  if (withoutStrace !== null) process.stdout.write(`no write is cut when it is half done: ${withoutStrace}\n`)
  const canHold = withoutStrace === null
  const logs = Math.ceil(Number(values.cuts) / CUTS_PER_LOG)
  const numbers =
    values.log === undefined ? Array.from({ length: logs }, (_, log) => log) : [Number(values.log)]
  for (const number of numbers) await cutLog({ seed, number, canHold }, tally)
}

async function cutLog({ seed, number, canHold }, tally) {
  const mountOptions = MOUNT_OPTIONS[number % MOUNT_OPTIONS.length]
  const log = new LogUnderCuts(mountOptions)
  const again = `--seed ${seed} --log ${number}`
  for (let cut = 1; cut <= CUTS_PER_LOG; cut++) {
    const life = drawnLife(`${seed}/${number}/${cut}`, canHold)
    const { broken, hasSnapshot } = await log.cut(life, `cut-${cut}`)
    tally.count('acknowledged facts looked for', log.ledger.acknowledged.size)
    tally.count(hasSnapshot ? 'snapshots left' : 'snapshots gone')
    const moment = life.moment.sync === undefined ? 'at some moment' : 'when a write was half done'
    tally.add(`cut ${moment}, with ${mountOptions}`, again, broken)
  }
  if (number % CHECK_EVERY === 0) {
    const problem = log.check()
    tally.add(`file system checked with ${mountOptions}`, again, problem === null ? [] : [problem])
  }
  tally.count('torn ends cut off', log.tornEnds)
  log.destroy()
}

async function control(mountOptions, tally) {
  const { synced, unsynced } = await controlExperiment(mountOptions)
  const tell = (text) => (text === null ? 'gone' : `"${text}"`)
  process.stdout.write(
    `control with ${mountOptions}: of a synced file there is ${tell(synced)}, of an unsynced one ${tell(unsynced)}\n`,
  )
  const isProof = synced === 'written' && unsynced === null
  tally.add(
    `control with ${mountOptions}`,
    '',
    isProof ? [] : ['a cut does not do here what the campaign needs'],
  )
}
