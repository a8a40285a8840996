// A process with an engine on a repository. It says `ready`, does what each line of its input asks, a JSON object with
// `do` and its arguments, and answers each with a line, at once: `{ "ok": true, … }` or `{ "ok": false, "code", … }`.
import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync, writeSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { isCoppiceError } from '@coppice/core'
import { openCoppice } from 'coppice'
import { agentPart } from './agent.mjs'

/** More steps than any task needs from anywhere to its end. */
const MOST_STEPS = 8

/** Ready worktrees are there where a scenario makes them, and none are made behind its back. */
const POOL = { poolSize: 1, refillPool: false }

let coppice
const problems = []
const note = ({ task, error }) => problems.push(`${task}: ${error.code ?? 'untyped'} ${error.message}`)

const jobs = {
  async open({ repo, recover }) {
    await coppice?.close()
    problems.length = 0
    coppice = await openCoppice({ repo, recover, checkpointInterval: 0, ...POOL, onProblem: note })
    coppice.on('problem', note)
    return { problems }
  },
  create: ({ task }) => coppice.create({ id: task, title: `Task ${task}` }).then(() => ({})),
  async checkpoint({ task }) {
    const { ref, commit } = await coppice.task(task).checkpoint('asked for')
    return { ref, commit }
  },
  async run({ task, command }) {
    const { exitCode } = await coppice.task(task).run(command)
    return { exitCode }
  },
  async fill() {
    const { ready } = await coppice.fillPool()
    return { ready: ready.length }
  },
  park: ({ task }) => coppice.task(task).park('for the night'),
  resume: ({ task }) => coppice.task(task).resume(),
  abandon: ({ task }) => coppice.task(task).abandon('in vain'),
  restore: ({ task }) => coppice.task(task).restore(),
  async merge({ task, ...options }) {
    return { outcome: await coppice.task(task).merge({ ...options, into: 'main' }) }
  },
  async repair() {
    const { repaired, failed, diagnosis } = await coppice.repair()
    const { healthy, drifts } = diagnosis
    const left = drifts.map(inWords)
    return { repaired: repaired.map(inWords), failed: failed.map(told), healthy, drifts: left, problems }
  },
  states() {
    return { states: coppice.tasks().map(({ state }) => state) }
  },
  /** Makes the tasks that all cases begin with. */
  async furnish({ tasks }) {
    for (const task of tasks) {
      const { path } = await coppice.create({ id: task })
      agent(path, task, 'first')
      await jobs.checkpoint({ task })
      agent(path, task, 'second')
    }
    await jobs.park({ task: 'parked' })
    await jobs.abandon({ task: 'abandoned' })
  },
  /** Goes on with a task until it is merged, or cannot be. */
  async finish({ task }) {
    const outcomes = []
    for (let step = 0; step < MOST_STEPS; step++) {
      const { status, path } = coppice.task(task)
      const next = { active: 'merge', parked: 'resume', abandoned: 'restore', failed: 'resume' }[status]
      if (next === undefined) break
      if (next === 'merge' && existsSync(path)) writeFileSync(join(path, 'finished'), task)
      const { outcome } = (await jobs[next]({ task })) ?? {}
      if (outcome !== undefined) outcomes.push(outcome)
      if (outcome?.status === 'conflicted') break
    }
    return { outcomes }
  },
  close: () => coppice.close(),
}

function agent(cwd, task, part) {
  execFileSync('sh', ['-euc', agentPart(task, part)], { cwd })
}

function inWords({ code, task, subject }) {
  return [code, task, subject].join(' ')
}

function told({ drift, reason }) {
  return `${inWords(drift)}: ${reason}`
}

function answer(value) {
  writeSync(1, `${JSON.stringify(value)}\n`)
}

process.env.CRASH_ENGINE = String(process.pid)
// The thread that does what the file system is asked has to be there before it can be traced.
await stat('.')
writeSync(1, 'ready\n')
for await (const line of createInterface({ input: process.stdin })) {
  const { do: job, ...asked } = JSON.parse(line)
  try {
    answer({ ok: true, ...(await jobs[job](asked)) })
  } catch (error) {
    const code = isCoppiceError(error) ? error.code : 'untyped'
    answer({ ok: false, code, message: String(error?.stack ?? error) })
  }
}
