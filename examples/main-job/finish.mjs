import { setTimeout as delay } from 'node:timers/promises'
import { git } from './repository.mjs'
import { say } from './tell.mjs'

/** What every merge must pass, on exactly the tree that will land: all manifests can be read. */
const verify = [
  process.execPath,
  '-e',
  "for (const d of require('fs').readdirSync('packages')) JSON.parse(require('fs').readFileSync('packages/' + d + '/package.json'))",
]

/** Waits for an agent that outlived the engine, then starts it again: what it has done already, it does not repeat. */
export async function runAgain(coppice, id, command) {
  const task = coppice.task(id)
  const { agent } = task.state
  if (agent !== null) {
    say(`   ${id}: its agent (process ${agent.pid}) has outlived the engine; waiting for it`)
    await gone(agent.pid)
  }
  const { exitCode } = await task.run(command, { stdio: ['ignore', 'ignore', 'inherit'] })
  return exitCode
}

/** Merges the work of an agent that succeeded, and parks that of one that failed. */
export async function mergeOrPark(coppice, { id, strategy }, exitCode) {
  const task = coppice.task(id)
  if (exitCode !== 0) return task.park(`the agent ended with ${exitCode}`)
  const outcome = await task.merge({ strategy, verify })
  if (outcome.status === 'conflicted')
    say(`   ${id}: conflict in ${outcome.files.join(', ')}; the task goes on`)
  if (outcome.status === 'rejected') say(`   ${id}: ${outcome.message}`)
}

/** Does what an agent would do about a conflict: brings the base in, decides, commits, and merges again. */
export async function resolveConflict(coppice, repo) {
  const task = coppice.task('slogan')
  await task.checkpoint('before the conflict is resolved')
  git(task.path, 'add', '--all')
  git(task.path, 'commit', '--quiet', '--message', 'Keep the slogan in the documents')
  git(task.path, 'merge', '--quiet', '--strategy-option=theirs', git(repo, 'branch', '--show-current'))
  await task.merge({ strategy: 'merge', verify })
}

async function gone(pid) {
  for (;;) {
    try {
      process.kill(pid, 0)
    } catch {
      return
    }
    await delay(50)
  }
}
