import {
  Engine,
  replay,
  type CheckpointOutcome,
  type EffectContext,
  type EffectKind,
  type Outcome,
  type Problem,
  type Request,
  type TaskRequest,
  type TaskState,
  type Workspace,
} from '@coppice/core'
import assert from 'node:assert/strict'
import { recordFacts } from '../history/record-facts.js'
import { LogDisk } from '../log/log-disk.js'
import { SimulatedLog } from '../log/simulated-log.js'
import { SimulatedAgents } from '../world/agents.js'
import { SimulatedClock } from '../world/clock.js'
import { LockTable } from '../world/locks.js'
import { interposed, type Interposition } from './interposed.js'
import type { WorkspaceWorld, WorktreeHands, WorktreeLook } from './workspace-world.js'

/** All that can be seen of a world from outside: its refs, and what stands in the tasks' places. */
export interface WorldPicture {
  readonly refs: Readonly<Record<string, string>>
  readonly worktrees: Readonly<Record<string, WorktreeLook | null>>
}

/** The effects that a case asks for directly, besides those that a task owes. */
export type Act = EffectKind | 'checkpoint'

/** One case's world, with an engine on a simulated log; the workspace alone is what is under test. */
export class Stage {
  readonly problems: Problem[] = []
  readonly #interpositions: Interposition[]

  private constructor(
    readonly world: WorkspaceWorld,
    readonly workspace: Workspace,
    readonly engine: Engine,
    interpositions: Interposition[],
  ) {
    this.#interpositions = interpositions
    engine.listeners.on('problem', (problem) => this.problems.push(problem))
  }

  static async set(world: WorkspaceWorld): Promise<Stage> {
    const workspace = await world.open()
    const interpositions: Interposition[] = []
    const engine = await Engine.open({
      log: new SimulatedLog({ disk: new LogDisk() }),
      workspace: interposed(workspace, interpositions),
      locks: new LockTable().openFor('the engine'),
      agents: new SimulatedAgents(),
      clock: new SimulatedClock({ start: CASE_TIME }),
      snapshots: null,
    })
    return new Stage(world, workspace, engine, interpositions)
  }

  /** Makes a task with a worktree. */
  create(id = 'fix', request: Omit<TaskRequest, 'id'> = {}): Promise<TaskState> {
    return this.engine.create({ ...request, id })
  }

  /** A task as it is when its worktree is owed and nothing of it is there. No log knows it. */
  async requested(id = 'fix'): Promise<TaskState> {
    const data = await this.workspace.admit({ id })
    const facts = recordFacts([{ type: 'task.requested', at: CASE_TIME, data }], id)
    const task = (await replay(facts)).get(id)
    assert.ok(task !== undefined)
    return task
  }

  /** A task as the log has it. */
  task(id = 'fix'): TaskState {
    const task = this.engine.find(id)
    assert.ok(task !== null, `there is no task ${id}`)
    return task
  }

  command(request: Request, id = 'fix'): Promise<TaskState> {
    return this.engine.command(id, request)
  }

  /** The hands of the agent of a task. */
  agent(id = 'fix'): WorktreeHands {
    return this.world.at(this.task(id).path)
  }

  /** What a task's worktree holds; it has to be there. */
  async content(id = 'fix'): Promise<WorktreeLook> {
    const look = await this.world.look(this.task(id).path)
    assert.ok(look !== null, `the worktree of ${id} is not there`)
    return look
  }

  async isThere(id = 'fix'): Promise<boolean> {
    return (await this.world.look(this.task(id).path)) !== null
  }

  async branch(name: string): Promise<string | null> {
    return (await this.world.refs())[`refs/heads/${name}`] ?? null
  }

  /** The commit that a branch is at; it has to exist. */
  async tip(name: string): Promise<string> {
    const commit = await this.branch(name)
    assert.ok(commit !== null, `there is no branch ${name}`)
    return commit
  }

  /** The commits that refs of a task hold whose names begin so. */
  async pins(name: string, id = 'fix'): Promise<readonly string[]> {
    const refs = Object.entries(await this.world.refs())
    return refs.flatMap(([ref, commit]) => (ref.startsWith(`refs/coppice/${id}/${name}`) ? [commit] : []))
  }

  /** Does something just before the engine's next effect of a kind. */
  before(act: Act, meanwhile: (task: TaskState) => Promise<unknown>): void {
    this.#interpositions.push({ act, meanwhile })
  }

  /** An effect done on one of the workspaces, without the engine. */
  perform(
    act: Act,
    task: TaskState,
    context: Partial<EffectContext> = {},
    workspace: Workspace = this.workspace,
  ): Promise<Outcome | CheckpointOutcome> {
    return performOn(workspace, act, task, { at: CASE_TIME, ...context })
  }

  async picture(): Promise<WorldPicture> {
    const worktrees: Record<string, WorktreeLook | null> = {}
    for (const { id, path } of this.engine.tasks()) worktrees[id] = await this.world.look(path)
    return { refs: await this.world.refs(), worktrees }
  }

  /** Nothing that can be seen is changed by something. */
  async leavesAlone(work: () => Promise<unknown>): Promise<void> {
    const before = await this.picture()
    await work()
    assert.deepEqual(await this.picture(), before)
  }

  /** Log and world say the same of everything, and nothing is left over. */
  async isSound(): Promise<void> {
    assert.deepEqual((await this.engine.diagnose()).drifts, [])
  }
}

/** The time of effects, which is none of people's commits. */
export const CASE_TIME = '2026-02-03T04:05:06.000Z'

export function performOn(
  workspace: Workspace,
  act: Act,
  task: TaskState,
  context: EffectContext,
): Promise<Outcome | CheckpointOutcome> {
  switch (act) {
    case 'checkpoint':
      return workspace.checkpoint(task, null, context)
    case 'create':
      return workspace.create(task, context)
    case 'prepare':
      return workspace.prepareMerge(task, context)
    case 'verify':
      return workspace.verify(task, context)
    case 'land':
      return workspace.land(task, context)
    case 'rebuild':
      return workspace.rebuild(task, context)
    case 'remove':
      return workspace.remove(task, context)
  }
}
