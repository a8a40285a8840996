import { Engine, isCoppiceError, type RecordedFact } from '@coppice/core'
import {
  LockTable,
  LogDisk,
  SimulatedAgents,
  SimulatedClock,
  SimulatedLog,
  type WorkspaceWorld,
} from '@coppice/testkit'
import type { Deed } from './deeds.js'

/** Has a task live through some deeds, and answers with all that can be seen of it. */
export async function live(world: WorkspaceWorld, deeds: readonly Deed[]): Promise<object> {
  const log = new SimulatedLog({ disk: new LogDisk() })
  const engine = await Engine.open({
    log,
    workspace: await world.open(),
    locks: new LockTable().openFor('the engine'),
    agents: new SimulatedAgents(),
    clock: new SimulatedClock(),
    snapshots: null,
  })
  const problems: string[] = []
  engine.listeners.on('problem', ({ error }) => problems.push(codeOf(error)))
  await world.commitTo('main', { 'README.md': 'a project\n', a: 'one of a\n' })
  await engine.create({ id: 'fix' })
  const story: object[] = []
  for (const { name, run } of deeds) {
    const outcome = await run({ world, engine }).then(() => 'done', codeOf)
    const { drifts } = await engine.diagnose()
    story.push({
      name,
      outcome,
      drifts: drifts.map(({ code }) => code),
      look: await world.look(engine.find('fix')!.path),
    })
  }
  const facts: RecordedFact[] = []
  for await (const { hash: _, ...fact } of log.read()) facts.push({ ...fact, hash: '' })
  return { story, problems, refs: await world.refs(), facts: facts.map(withoutWords) }
}

/** Errors of git's are told in other words by the model. */
function codeOf(error: unknown): string {
  return isCoppiceError(error) ? error.code : 'refused'
}

/** A fact without words, which the model chooses for itself, and without the commands, which each world has its own of. */
function withoutWords(fact: RecordedFact): object {
  const chosen = new Set(['message', 'verify', 'output'])
  return JSON.parse(JSON.stringify(fact), (key, value: unknown) => (chosen.has(key) ? '' : value)) as object
}
