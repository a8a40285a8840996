// A process with an engine that leads many tasks at a time, each at random through its life, until it is told to stop or
// is killed. It begins where the one before it ended. What was acknowledged goes to the ledger.
import { randomUUID } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { isCoppiceError } from '@coppice/core'
import { openCoppice } from 'coppice'
import { Diary } from './diary.mjs'
import { Random } from './random.mjs'
import { BASES } from './repository.mjs'

const AGENT = fileURLToPath(new URL('agent.mjs', import.meta.url))
const STRATEGIES = ['merge', 'squash', 'rebase', 'ff']

/** Steps of one lane from a repair to the next. */
const REPAIR_EVERY = 15

const { repo, ledger, tasks, seed } = JSON.parse(process.argv[2])
const acknowledge = (line) => appendFileSync(join(ledger, 'acknowledged'), `${JSON.stringify(line)}\n`)
const diaryOf = (task) => new Diary(ledger, task)
const stop = new AbortController()
process.on('message', () => stop.abort())

// A problem is told while it lasts; what stays wrong shows at the end.
const coppice = await openCoppice({ repo, checkpointInterval: 0, onProblem: () => {} })
coppice.on('problem', () => {})
process.send('ready')

/** What is done with a task of each status, and how likely. */
const LIKELY = {
  active: { edit: 45, checkpoint: 20, merge: 14, park: 8, abandon: 4 },
  parked: { resume: 9, abandon: 1 },
  failed: { resume: 9, abandon: 1 },
  abandoned: { restore: 1, renew: 1 },
  merged: { renew: 1 },
}

const acts = {
  async edit(task, random) {
    const args = [ledger, task.id, random.below(2 ** 31), 1 + random.below(8)].map(String)
    await task.run([process.execPath, AGENT, ...args], { stdio: 'ignore' })
  },
  async checkpoint(task) {
    const mark = asked(task)
    const { commit, ref } = (await task.checkpoint()) ?? {}
    if (commit !== undefined)
      acknowledge({ what: 'checkpoint', task: task.id, commit, ref, expected: expectedBy(task, mark) })
  },
  async merge(task, random) {
    const mark = asked(task)
    const strategy = random.of(STRATEGIES)
    const outcome = await task.merge({ strategy })
    const { status, commit, into } = outcome
    if (status === 'merged')
      acknowledge({ what: 'merge', task: task.id, strategy, commit, into, expected: expectedBy(task, mark) })
    else acknowledge({ what: `merge ${status} ${outcome.reason ?? ''}`.trim(), task: task.id })
    if (status === 'conflicted') await task.abandon('it conflicts')
  },
  park: (task) => task.park(),
  resume: (task) => task.resume(),
  abandon: (task) => task.abandon(),
  restore: (task) => task.restore(),
}

function asked(task) {
  const mark = randomUUID()
  diaryOf(task.id).write({ asked: mark })
  return mark
}

function expectedBy(task, mark) {
  return Object.fromEntries(diaryOf(task.id).expected(mark))
}

async function step(lane, random) {
  const mine = coppice.tasks().filter(({ id }) => id.startsWith(`c${lane}-`))
  const task = mine.at(-1)
  const likely = LIKELY[task?.status] ?? {}
  const act =
    task === undefined ? 'renew' : Object.keys(likely).length === 0 ? 'wait' : random.weighted(likely)
  if (act === 'wait') {
    await sleep(200)
    await coppice.refresh()
  } else if (act === 'renew') await coppice.create({ id: `c${lane}-${mine.length}`, base: random.of(BASES) })
  else await acts[act](task, random)
}

async function repair() {
  const { failed } = await coppice.repair()
  for (const { drift, reason } of failed) acknowledge({ what: 'repair in vain', code: drift.code, reason })
}

async function lead(lane) {
  const random = new Random(seed * 1_000 + lane)
  for (let number = 1; !stop.signal.aborted; number++) {
    try {
      if (lane === 0 && number % REPAIR_EVERY === 0) await repair()
      await step(lane, random)
    } catch (error) {
      // Killed git processes and deleted worktrees make things fail, but always in words that a program can tell apart.
      if (isCoppiceError(error)) acknowledge({ what: `refused ${error.code}`, message: error.message })
      else acknowledge({ what: 'bug', message: String(error?.stack ?? error) })
      await sleep(50)
    }
  }
}

await Promise.all(Array.from({ length: tasks }, (_, lane) => lead(lane)))
await coppice.close()
process.disconnect()
