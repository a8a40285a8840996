import { styleText } from 'node:util'

const started = Date.now()
const colored = process.stdout.isTTY && process.env.NO_COLOR === undefined

export function say(text) {
  process.stdout.write(`${text}\n`)
}

/** The heading of one act of the story. */
export function act(text) {
  say(`\n${paint('bold', text)}`)
}

/** One fact on one line: seconds since the start, its position in the log, the task, and what happened. */
export function factLine({ sequence, stream, type, data }) {
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  const id = stream.replace('task/', '')
  const line = `${seconds.padStart(6)}s  #${String(sequence).padEnd(4)} ${id.padEnd(10)} ${type.padEnd(18)}`
  return `${paint(COLORS[type] ?? 'reset', line)} ${detail(type, data)}`.trimEnd()
}

const COLORS = {
  'worktree.lost': 'red',
  'worktree.rebuilt': 'green',
  'merge.conflicted': 'yellow',
  'merge.landed': 'green',
  'task.parked': 'yellow',
}

function detail(type, data) {
  if (type === 'checkpoint.taken') return `#${data.checkpoint.number} ${data.checkpoint.commit.slice(0, 9)}`
  if (type === 'worktree.rebuilt')
    return data.checkpoint === null ? '' : `from checkpoint #${data.checkpoint}`
  if (type === 'merge.landed') return `${data.commit.slice(0, 9)} on ${data.into}, by ${data.strategy}`
  if (type === 'merge.conflicted') return data.files.join(', ')
  if (type === 'agent.exited') return data.exitCode === null ? 'found gone' : `exit ${data.exitCode}`
  return ''
}

/** The tasks, one on a line. */
export function table(states) {
  for (const { id, status, worktree, checkpoint } of states) {
    const pinned = checkpoint === null ? 'nothing pinned' : `checkpoint #${checkpoint.number} pinned`
    say(`   ${id.padEnd(10)} ${status.padEnd(10)} worktree ${worktree.padEnd(8)} ${pinned}`)
  }
}

/** The life of every task, as the log tells it, in one line each. */
export async function timeline(coppice) {
  say('\nThe timeline of facts, task by task (× n: so many in a row):')
  for (const { id } of coppice.tasks()) {
    const runs = []
    for await (const { type } of coppice.events({ task: id })) {
      const last = runs.at(-1)
      if (last?.type === type) last.count++
      else runs.push({ type, count: 1 })
    }
    say(`   ${id}: ${runs.map(({ type, count }) => (count === 1 ? type : `${type} × ${count}`)).join(' → ')}`)
  }
}

function paint(style, text) {
  return colored ? styleText(style, text) : text
}
