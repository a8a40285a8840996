import {
  Engine,
  type Agent,
  type EnginePorts,
  type EventLog,
  type Problem,
  type RecordedFact,
} from '@coppice/core'
import { branchRef, SimulatedWorld, treeIdOf, type SimulatedWorldOptions } from '@coppice/testkit'
import { Script } from './script.js'
import { traceDisk, tracedClock, tracedWorkspace } from './traced-ports.js'

/** A process with an engine in it. */
export interface Session {
  readonly engine: Engine
  /** All that was told to a listener for every fact, and to one for problems. */
  readonly told: RecordedFact[]
  readonly problems: Problem[]
}

const BASE = 'main'

/** A simulated world in which a test has effects go as it likes; and the trace of what was done to it. */
export class World extends SimulatedWorld {
  readonly script = new Script()
  readonly trace: string[] = []
  /** Milliseconds that somebody slept, each time. */
  readonly slept: number[] = []
  /** The log as somebody has it who appends without an engine. */
  readonly log: EventLog

  constructor(options: SimulatedWorldOptions = {}) {
    super(options)
    this.log = this.start().ports.log
    traceDisk(this.disk, this.trace)
  }

  /** A process opens the log. */
  open({ ports }: { readonly ports?: Partial<EnginePorts> } = {}): Promise<Session> {
    return this.openWith({ ...this.start().ports, snapshots: null }, ports)
  }

  /** Opens the log in a process that there is. */
  async openWith(own: EnginePorts, others: Partial<EnginePorts> = {}): Promise<Session> {
    const engine = await Engine.open({
      ...own,
      workspace: tracedWorkspace(own.workspace, this.script, this.trace),
      clock: tracedClock(own.clock, this.slept),
      ...others,
    })
    const session: Session = { engine, told: [], problems: [] }
    engine.listeners.on('fact', (fact) => {
      session.told.push(fact)
      this.trace.push(`told ${fact.type} ${fact.stream.slice('task/'.length)}`)
    })
    engine.listeners.on('problem', (problem) => session.problems.push(problem))
    return session
  }

  /** Requests a task, which nobody makes yet. */
  async request(id: string): Promise<void> {
    const data = await this.start().ports.workspace.admit({ id })
    await this.log.append(`task/${id}`, [{ type: 'task.requested', at: this.clock.now(), data }], 'no-stream')
  }

  /** An agent at work, in a file of its task's own. */
  write(id: string, content: string): void {
    this.at(this.pathOf(id)).write(fileOf(id), content)
  }

  /** What the agent has written, as it is in the worktree; null where that is not there, or has nothing. */
  contentOf(id: string): string | null {
    return this.repository.directories.get(this.pathOf(id))?.files.get(fileOf(id))?.content ?? null
  }

  /** The tree of a worktree in which that was written. */
  treeWith(id: string, content: string): string {
    const files = new Map(this.repository.filesAt(this.repository.refs.moves[0]?.to ?? null))
    return treeIdOf(files.set(fileOf(id), { mode: '100644', content }))
  }

  deleteWorktree(id: string): void {
    this.user.deleteDirectory(this.pathOf(id))
  }

  /** Somebody else at work on the base branch. */
  moveBase(content: string): void {
    this.user.commit(BASE, { elsewhere: content })
  }

  /** What was written anew by each move of the base branch, from the first one on. */
  broughtToBase(): readonly string[] {
    const moves = this.repository.refs.moves.filter(
      ({ ref, from }) => ref === branchRef(BASE) && from !== null,
    )
    return moves.map(({ from, to }) => {
      const before = this.repository.filesAt(from)
      const after = [...this.repository.filesAt(to)]
      return after.flatMap(([path, { content }]) => (before.has(path) ? [] : [content])).join()
    })
  }

  /** The worktrees and branches that there are for tasks. */
  standing(): { readonly worktrees: readonly string[]; readonly branches: readonly string[] } {
    const { directories, refs, branchPrefix } = this.repository
    const ours = branchRef(branchPrefix)
    const branches = Object.keys(refs.all()).filter((ref) => ref.startsWith(ours))
    return { worktrees: [...directories.keys()], branches: branches.map((ref) => ref.slice(ours.length)) }
  }

  /** The refs that hold checkpoints of a task. */
  pinsOf(id: string): readonly string[] {
    return Object.keys(this.repository.refs.all()).filter((ref) =>
      ref.startsWith(`refs/coppice/${id}/checkpoints/`),
    )
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

  private pathOf(id: string): string {
    return `${this.repository.worktreesDir}/${id}`
  }
}

function fileOf(id: string): string {
  return `of-${id}`
}

/** Starts an agent in a task's worktree, for an orchestrator that does not wait for its end. */
export async function startAgent(world: World, { engine }: Session, id: string): Promise<Agent> {
  const agent = world.agents.start(`agent of ${id}`)
  const watch = await engine.startAgent(id, async () => agent)
  await watch.release()
  return agent
}
