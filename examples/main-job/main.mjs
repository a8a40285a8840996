// The main job, from nothing to a merged base branch: agents at work in a real repository, the engine killed in the
// middle of it, a worktree deleted behind its back, the recovery, the merges, and the books at the end.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { openCoppice } from 'coppice'
import { agentCommand, agents } from './agents.mjs'
import { balance } from './books.mjs'
import { mergeOrPark, resolveConflict, runAgain } from './finish.mjs'
import { git, makeRepository } from './repository.mjs'
import { act, factLine, say, table, timeline } from './tell.mjs'

const engineProgram = fileURLToPath(new URL('engine.mjs', import.meta.url))

const scene = await makeRepository()
try {
  const killed = await workUntilKilled()
  await disturb(killed)
  await recoverAndFinish()
} finally {
  if (process.env.KEEP === '1') say(`kept: ${scene.directory}`)
  else await rm(scene.directory, { recursive: true, force: true, maxRetries: 5 })
}

/** Starts the engine in a process of its own, and kills that process once every agent has work to lose. */
async function workUntilKilled() {
  const commits = git(scene.repo, 'rev-list', '--count', 'HEAD')
  act(
    `1. ${agents.length} agents start at once, each in its own worktree of a repository with ${commits} commits`,
  )
  for (const { id, does } of agents) say(`   ${id.padEnd(10)} ${does}`)
  const engine = spawn(process.execPath, [engineProgram, scene.repo, scene.ledger], { stdio: 'inherit' })
  const ended = once(engine, 'exit')
  const watcher = await openCoppice({ repo: scene.repo, recover: false })
  const waiting = new Set(agents.map(({ id }) => `task/${id}`))
  for await (const fact of watcher.events({ follow: true })) {
    say(factLine(fact))
    if (fact.type === 'checkpoint.taken' && hasWork(fact.data.checkpoint)) waiting.delete(fact.stream)
    if (waiting.size === 0) break
  }
  act('2. kill -9 for the engine, while the agents are at work')
  engine.kill('SIGKILL')
  await ended
  await watcher.refresh()
  const { agent, path } = watcher.task('tidy').state
  await watcher.close()
  say(`   the engine (process ${engine.pid}) is dead; its agents know nothing of it and go on`)
  return { agent, path }
}

/** Whether a checkpoint holds more than the commit that the task began with. */
function hasWork({ commit }) {
  return commit !== scene.start
}

/** What happens on real machines while nobody watches. */
async function disturb({ agent, path }) {
  if (agent !== null) process.kill(agent.pid, 'SIGKILL')
  await rm(path, { recursive: true, force: true })
  say('   the agent of "tidy" dies as well, and somebody deletes its worktree: rm -rf')
}

async function recoverAndFinish() {
  act('3. the engine is opened again: the log is replayed, and what is owed is done')
  const before = await openCoppice({ repo: scene.repo, recover: false })
  const replayed = before.position
  await before.close()
  const coppice = await openCoppice({
    repo: scene.repo,
    onProblem: ({ error }) => say(`   ${error.message}`),
  })
  say(`   replayed ${replayed} facts into ${coppice.tasks().length} tasks; then recorded and repaired:`)
  for await (const fact of coppice.events({ from: replayed + 1 })) say(factLine(fact))
  table(coppice.tasks().map(({ state }) => state))
  coppice.on('fact', (fact) => say(factLine(fact)))

  act('4. agents that died start again where their work stopped; what succeeds is merged, verified first')
  const exits = await Promise.all(
    agents.map(({ id }) => runAgain(coppice, id, agentCommand(id, scene.ledger))),
  )
  for (const [index, agent] of agents.entries()) await mergeOrPark(coppice, agent, exits[index])

  act('5. the conflict is the agent’s to resolve: its task went on, and now lands')
  await resolveConflict(coppice, scene.repo)

  act('6. what there is to show for it')
  table(coppice.tasks().map(({ state }) => state))
  await timeline(coppice)
  say(`\nThe base branch, ${git(scene.repo, 'branch', '--show-current')}:`)
  say(git(scene.repo, 'log', '--graph', '--format=%h %an: %s', `${scene.start}..HEAD`).replace(/^/gm, '   '))
  await balance(coppice, scene)
  await coppice.close()
}
