import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { filesOf } from './protocol.mjs'

const run = promisify(execFile)

/** More than a page, so that a cut can leave a part of a file. */
const LINES = 400

/**
 * What an agent does in its worktree, with a git that syncs nothing. The files that count are made again by every round,
 * and hold the task's id and the round.
 *
 * @param how whether it leaves its work as files, staged, or in commits
 */
export async function work(cwd, task, round, how) {
  const [one, two, three] = filesOf(task)
  const write = (path) => `seq -f '${task} ${round} %g' ${LINES} > ${path}`
  const commit = (message) => `git add --all && git commit --quiet --message '${task} ${round}: ${message}'`
  const steps = [
    `rm -rf work/${task}; mkdir -p work/${task}`,
    `echo '${task} ${round}' > notes/${task}`,
    write(one),
    write(two),
  ]
  if (how === 'committed') steps.push(commit('first'))
  steps.push(write(three))
  if (how === 'committed') steps.push('git rm --quiet old/$(ls old | head -n 1)', commit('second'))
  if (how === 'staged') steps.push('git add --all', `echo untracked > work/${task}/untracked`)
  await run('sh', ['-euc', `mkdir -p notes\n${steps.join('\n')}`], { cwd })
}

/** What the files that `work` makes hold after a round. */
export function textOf(task, round) {
  return Array.from({ length: LINES }, (_, line) => `${task} ${round} ${line + 1}\n`).join('')
}
