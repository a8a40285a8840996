import { Engine, type EventLog, type Problem, type RecordedFact } from '@coppice/core'
import { GitWorkspace, openRepository, type GitWorkspaceOptions, type Repository } from '@coppice/git-adapter'
import { FileLocks, MemoryLog } from '@coppice/store'
import { join } from 'node:path'
import { SimulatedAgents, SimulatedClock } from '@coppice/testkit'
import { makeRepository, type TestRepository } from '../../helpers/repository.js'
import { useEnvironment } from './environment.js'

/** One process's engine over a real repository. */
export interface World {
  readonly user: TestRepository
  readonly log: EventLog
  readonly repository: Repository
  readonly workspace: GitWorkspace
  readonly engine: Engine
  readonly agents: SimulatedAgents
  readonly problems: Problem[]
}

export interface WorldOptions extends Partial<Omit<GitWorkspaceOptions, 'repository' | 'locks'>> {
  readonly user?: TestRepository
  /** The directory that Coppice is opened from; by default the repository's. */
  readonly from?: string
  readonly log?: EventLog
}

/** Opens an engine on a repository as a process would; open another one on the same log to be its successor. */
export async function openWorld({
  user = makeRepository(),
  from,
  log,
  ...options
}: WorldOptions = {}): Promise<World> {
  useEnvironment(user.env)
  const repository = await openRepository(from ?? user.path)
  const locks = new FileLocks(join(repository.commonDir, 'coppice', 'locks'))
  const workspace = new GitWorkspace({ repository, locks, ...options })
  const agents = new SimulatedAgents()
  const events = log ?? new MemoryLog()
  const engine = await Engine.open({
    log: events,
    workspace,
    locks,
    agents,
    clock: new SimulatedClock(),
    snapshots: null,
  })
  const problems: Problem[] = []
  engine.listeners.on('problem', (problem) => problems.push(problem))
  return { user, log: events, repository, workspace, engine, agents, problems }
}

export async function factsOf({ log }: World): Promise<RecordedFact[]> {
  const facts: RecordedFact[] = []
  for await (const fact of log.read()) facts.push(fact)
  return facts
}

export async function typesOf(world: World): Promise<string[]> {
  return (await factsOf(world)).map(({ type }) => type)
}
