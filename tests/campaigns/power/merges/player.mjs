// A process with an engine on a repository whose disk may lose its power. It says on each line what it is about to do and
// what it has done, as JSON. `work` makes tasks and does all manner of things to them until it is killed; `recover` opens
// the repository, repairs it, looks at every task and goes on with it.
import { writeSync } from 'node:fs'
import { openCoppice } from 'coppice'
import { draw } from '../../draw.mjs'
import { work } from './agent.mjs'
import { CHECKED_OUT, ELSEWHERE } from './protocol.mjs'

const LANES = 3
const MOST_TASKS = 40
const STRATEGIES = ['merge', 'squash', 'rebase', 'ff']

const { repo, seed, job } = JSON.parse(process.argv[2])
const say = (line) => writeSync(1, `${JSON.stringify(line)}\n`)
const coppice = await openCoppice({ repo, checkpointInterval: 0, onProblem: told })
coppice.on('problem', told)

function told({ task, error }) {
  say({ problem: `${task}: ${error.code ?? error.name} ${error.message}` })
}

/** Says that something is begun with a task, and when it is done, what came of it. */
async function doing(task, what, act) {
  say({ begun: what, task })
  say({ done: what, task, ...(await act()) })
}

const create = (task, base) =>
  doing(task, 'create', async () => {
    await coppice.create({ id: task, base })
    return { status: 'active' }
  })

const checkpoint = (task, round) =>
  doing(task, 'checkpoint', async () => {
    const { ref, commit, tree } = await coppice.task(task).checkpoint(`round ${round}`)
    return { status: 'active', ref, commit, tree, round }
  })

const merge = (task, round, strategy, into) =>
  doing(task, 'merge', async () => {
    const outcome = await coppice.task(task).merge({ strategy, into })
    const { status } = coppice.task(task)
    return { status, outcome, round }
  })

const move = (task, what, status) =>
  doing(task, what, async () => {
    await coppice.task(task)[what]()
    return { status }
  })

async function edit(task, round, how) {
  say({ begun: 'edit', task, round })
  await work(coppice.task(task).path, task, round, how)
}

async function life(task) {
  const chance = (name, limit) => draw(seed, `${task}/${name}`, limit)
  const into = chance('into', 2) === 0 ? CHECKED_OUT : ELSEWHERE
  await create(task, into)
  if (chance('idle', 8) === 0) return
  const rounds = 1 + chance('rounds', 2)
  for (let round = 1; round <= rounds; round++) {
    await edit(task, round, ['files', 'staged', 'committed'][chance(`how ${round}`, 3)])
    if (chance(`checkpoint ${round}`, 3) > 0) await checkpoint(task, round)
    const turn = chance(`turn ${round}`, 6)
    if (turn === 0 || turn === 1) await move(task, 'park', 'parked')
    if (turn === 0) await move(task, 'resume', 'active')
    if (turn === 2 || turn === 3) await move(task, 'abandon', 'abandoned')
    if (turn === 2) await move(task, 'restore', 'active')
    if (turn === 1 || turn === 3) return
  }
  if (chance('merged', 6) === 0) return
  const strategy = STRATEGIES[chance('strategy', STRATEGIES.length)]
  await merge(task, rounds, strategy, into)
}

async function lane(number) {
  for (let index = 0; index < MOST_TASKS; index++) await life(`t-${seed}-${number}-${index}`)
}

/** What a person would do after a power cut, and what the judge wants to know of it. */
async function recover() {
  const { repaired, failed, diagnosis } = await coppice.repair()
  const inWords = ({ code, task, subject, severity }) => ({ code, task, subject, severity })
  say({
    repaired: repaired.map(inWords),
    failed: failed.map(({ drift, reason }) => Object.assign(inWords(drift), { reason })),
    drifts: diagnosis.drifts.map(inWords),
  })
  for (const { id, state } of coppice.tasks()) {
    const { status, path, checkpoint: pinned } = state
    say({ found: id, status, path, tree: pinned?.tree ?? null, worktree: state.worktree })
  }
  await awaitGo()
  const finished = coppice.tasks({ status: ['active', 'parked'] })
  for (const { id, status } of finished) {
    try {
      if (status === 'parked') await move(id, 'resume', 'active')
      if (draw(seed, `${id}/goes on`, 2) === 0) continue
      const round = `after-${seed}`
      await edit(id, round, 'files')
      await checkpoint(id, round)
      await merge(id, round, 'merge', CHECKED_OUT)
    } catch (error) {
      say({ stuck: id, why: `${error.code ?? error.name}: ${error.message}` })
    }
  }
}

function awaitGo() {
  say({ waiting: true })
  return new Promise((resolve) => process.stdin.once('data', resolve))
}

if (job === 'work') await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number)))
else await recover()
await coppice.close()
say({ over: true })
process.exit(0)
