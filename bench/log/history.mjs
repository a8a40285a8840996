import { decide, evolve, streamOf } from '@coppice/core'

/** Facts in the history of every task. */
export const FACTS_PER_TASK = 50

/** Stands for a task's id until there is one; no other text in a fact has it. */
const ID = '<id>'

const ATTEMPTS = 8

/** The commands of a task on which an agent works until its merge no longer conflicts, or for ever. */
const begun = [
  command('task.request', {
    title: 'Fix what users report',
    base: { ref: 'main', commit: oid('a') },
    into: 'main',
    branch: `coppice/${ID}`,
    path: `/src/shop.worktrees/${ID}`,
  }),
  command('worktree.report-created', { gitDir: `/src/shop/.git/worktrees/${ID}`, head: oid('a') }),
  ...Array.from({ length: ATTEMPTS }, (_, attempt) => [
    ...work(attempt + 1),
    mergeWanted(),
    command('merge.report-conflicted', { files: ['src/cart.ts'], fileCount: 1 }),
  ]).flat(),
  ...work(ATTEMPTS + 1),
]

const landed = [
  mergeWanted(),
  command('merge.report-prepared', { commit: oid('b'), tree: oid('c'), base: oid('d'), tip: oid('e') }),
  command('merge.report-verified', { commit: oid('b') }),
  command('merge.report-landed', { commit: oid('b') }),
  command('worktree.report-removed', {}),
]

const goingOn = [
  mergeWanted(),
  command('merge.report-conflicted', { files: ['src/cart.ts'], fileCount: 1 }),
  ...work(ATTEMPTS + 2),
]

const finishedHistory = JSON.stringify(decided([...begun, ...landed]))
const liveHistory = JSON.stringify(decided([...begun, ...goingOn]))

/**
 * The histories of so many tasks, of which the last `live` are active and all others are merged and tidied up.
 *
 * @returns {Generator<{ stream: string, facts: import('@coppice/core').Fact[] }>}
 */
export function* histories(tasks, live = 0) {
  for (let number = 1; number <= tasks; number++) {
    const id = `fix-${number}`
    const history = number > tasks - live ? liveHistory : finishedHistory
    yield { stream: streamOf(id), facts: JSON.parse(history.replaceAll(ID, id)) }
  }
}

/** The facts that the machine records for the commands, one after the other. */
function decided(commands) {
  let task = null
  const facts = []
  for (const { type, data } of commands) {
    const at = new Date(Date.UTC(2026, 0, 2, 3, 4, facts.length)).toISOString()
    const decision = decide(task, { type, at, data })
    if (!decision.accepted) throw new Error(`${type} is refused in ${task?.status}`)
    for (const fact of decision.facts) {
      facts.push(fact)
      const place = { sequence: facts.length, stream: streamOf(ID), version: facts.length, hash: '' }
      task = evolve(task, { ...fact, ...place })
    }
  }
  if (facts.length !== FACTS_PER_TASK) throw new Error(`a history of ${facts.length} facts`)
  return facts
}

function work(number) {
  const pid = 4000 + number
  const checkpoint = {
    number,
    ref: `refs/coppice/${ID}/checkpoints/${number}`,
    commit: oid('1'),
    head: oid('2'),
    branch: `coppice/${ID}`,
    tip: oid('2'),
    index: oid('3'),
    rawIndex: null,
    tree: oid('4'),
    uncaptured: [],
  }
  return [
    command('agent.report-started', { pid, startTime: '86412', command: ['npm', 'run', 'agent'] }),
    command('agent.report-exited', { pid, exitCode: 0, signal: null }),
    command('task.checkpoint', { checkpoint, message: null }),
  ]
}

function mergeWanted() {
  return command('task.merge', { strategy: 'squash', into: 'main', verify: ['npm', 'test'], message: null })
}

function command(type, data) {
  return { type, data }
}

function oid(digit) {
  return digit.repeat(40)
}
