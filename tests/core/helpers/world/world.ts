import { Engine, type Agent, type EnginePorts, type Problem, type RecordedFact } from '@coppice/core'
import { MemoryLog } from '@coppice/store'
import { FakeAgents } from './fake-agents.js'
import { FakeClock } from './fake-clock.js'
import { Life } from './life.js'
import { MemoryLocks } from './memory-locks.js'
import { Repository } from './repository.js'
import { Script } from './script.js'
import { SimulatedWorkspace } from './simulated-workspace.js'
import { tracedLog, tracedWorkspace } from './traced-ports.js'

/** A process with an engine in it. */
export interface Session {
  readonly engine: Engine
  readonly life: Life
  /** All that was told to a listener for every fact, and to one for problems. */
  readonly told: RecordedFact[]
  readonly problems: Problem[]
}

/** Everything that outlives a process: the log, the repository, the agents; and the trace of what was done to them. */
export class World {
  readonly log = new MemoryLog()
  readonly repository = new Repository()
  readonly clock = new FakeClock()
  readonly agents = new FakeAgents()
  readonly script = new Script()
  readonly trace: string[] = []
  #locks = new MemoryLocks()

  /** A process opens the log; it dies at a step of its life, or never. */
  async open(
    options: { readonly diesAt?: number; readonly ports?: Partial<EnginePorts> } = {},
  ): Promise<Session> {
    const life = new Life(options.diesAt ?? Number.POSITIVE_INFINITY)
    const engine = await Engine.open({ ...this.portsOf(life), ...options.ports })
    const session: Session = { engine, life, told: [], problems: [] }
    engine.listeners.on('fact', (fact) => {
      session.told.push(fact)
      this.trace.push(`told ${fact.type} ${fact.stream.slice('task/'.length)}`)
    })
    engine.listeners.on('problem', (problem) => session.problems.push(problem))
    return session
  }

  /** The kernel frees what a dead process held. */
  freeLocks(): void {
    this.#locks = new MemoryLocks()
  }

  /** Every fact of the log, or the types of one task's. */
  async facts(): Promise<RecordedFact[]> {
    const facts: RecordedFact[] = []
    for await (const fact of this.log.read()) facts.push(fact)
    return facts
  }

  async typesOf(id: string): Promise<string[]> {
    const facts = await this.facts()
    return facts.filter(({ stream }) => stream === `task/${id}`).map(({ type }) => type)
  }

  private portsOf(life: Life): EnginePorts {
    const { log, repository, clock, agents, script, trace } = this
    return {
      log: tracedLog(log, trace, life),
      workspace: tracedWorkspace(new SimulatedWorkspace(repository), script, trace, life),
      locks: this.#locks,
      agents,
      clock,
      snapshots: null,
    }
  }
}

/** Starts an agent in a task's worktree, for an orchestrator that does not wait for its end. */
export async function startAgent(world: World, { engine }: Session, id: string): Promise<Agent> {
  const agent = world.agents.start(`agent of ${id}`)
  const watch = await engine.startAgent(id, async () => agent)
  await watch.release()
  return agent
}
