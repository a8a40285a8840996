// The engine in a process of its own, so that it can be killed. It starts the agents and checkpoints what they do.
import { openCoppice } from 'coppice'
import { agentCommand, agents } from './agents.mjs'

/** Milliseconds between two rounds of checkpoints. */
const ROUND = 250

const [repo, ledger] = process.argv.slice(2)
const coppice = await openCoppice({ repo })
const tasks = await Promise.all(agents.map(({ id, does }) => coppice.create({ id, title: does })))
for (const task of tasks) void task.run(agentCommand(task.id, ledger), { stdio: 'ignore' })
setInterval(() => {
  for (const task of tasks) void task.checkpoint()
}, ROUND)
