import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MAX_BASE_MOVES, streamOf, taskMachine, type Fact, type TaskState } from '@coppice/core'
import { fact, recoveredAs } from '@coppice/testkit'
import { startNewLog } from 'coppice'
import { expect, test, vi } from 'vitest'
import { toDirectedGraph, type DirectedGraphNode } from 'xstate/graph'
import { ABANDON, mergeRequest, PARK, RESTORE, RESUME } from '../core/helpers/requests.js'
import { editedTask, type Edited } from '../git-adapter/helpers/edited.js'
import { useEnvironment } from '../git-adapter/helpers/environment.js'
import { agentRuns } from '../git-adapter/helpers/tree.js'
import { openWorld, type World } from '../git-adapter/helpers/world.js'
import { makeRepository } from '../helpers/repository.js'
import { inEveryStatus, loseLog } from './helpers/every-status.js'

/** Every transition that was taken with a real repository, as `from command to`. */
const taken = vi.hoisted(() => new Set<string>())

vi.mock(import('../../packages/core/src/decide/decide.js'), async (original) => {
  const { decide, ...rest } = await original()
  const noting: typeof decide = (task, command) => {
    const decision = decide(task, command)
    if (decision.accepted) taken.add(`${task?.status ?? 'unrequested'} ${command.type} ${decision.status}`)
    return decision
  }
  return { ...rest, decide: noting }
})

/** Every transition that the statechart has. */
function transitionsOf({ edges, children }: DirectedGraphNode): string[] {
  const own = edges.map(({ source, label, target }) => `${source.key} ${label.text} ${target.key}`)
  return [...own, ...children.flatMap(transitionsOf)]
}

/** Starts an agent that nobody waits for; answers with what ends it, unnoticed. */
async function agentIn({ engine, agents }: World, command = 'an agent'): Promise<() => void> {
  const agent = agents.start(command)
  const watch = await engine.startAgent('fix', async () => agent)
  await watch.release()
  return () => agents.stop(agent)
}

/** What a process has recorded that died right after. */
async function recordedBefore({ log, engine }: World, ...facts: readonly Fact[]): Promise<void> {
  await log.append(streamOf('fix'), facts, engine.find('fix')?.version ?? 'no-stream')
}

const statusOf = ({ engine }: World): TaskState['status'] | undefined => engine.find('fix')?.status

test('work is checkpointed, verified and merged, with what is written at the last moment pinned', async () => {
  const { world, task } = await editedTask()
  const end = await agentIn(world)
  end()
  await world.engine.recover()
  await world.engine.checkpoint('fix', 'so far')
  writeFileSync(join(task.path, 'more'), 'more')
  world.engine.listeners.on('merge.landed', () => writeFileSync(join(task.path, 'late'), 'late'))
  await world.engine.command('fix', mergeRequest({ verify: ['true'] }))
  expect(statusOf(world)).toBe('merged')
})

test('an agent outlives the merge of its work', async () => {
  const { world } = await editedTask()
  const end = await agentIn(world)
  await world.engine.command('fix', mergeRequest())
  end()
  await world.engine.recover()
  expect(world.engine.find('fix')).toMatchObject({ status: 'merged', worktree: 'absent', agent: null })
})

test('a creation fails for good, is tried again, and given up', async () => {
  const world = await openWorld({ setup: ['false'] })
  await expect(world.engine.create({ id: 'fix' })).rejects.toMatchObject({ code: 'creation-failed' })
  await world.engine.command('fix', RESUME)
  await world.engine.command('fix', ABANDON)
  expect(statusOf(world)).toBe('abandoned')
})

test('a creation is given up that a process began and died in', async () => {
  const world = await openWorld()
  await recordedBefore(world, fact('task.requested', await world.workspace.admit({ id: 'fix' })))
  await world.engine.command('fix', ABANDON)
  expect(statusOf(world)).toBe('abandoned')
})

test.each([
  ['succeeds', 'true', 'active'],
  ['fails', 'false', 'failed'],
])(
  'an agent is at work of which a lost log did not know that its worktree is not made, which %s',
  async (_, setup, status) => {
    const world = await openWorld({ setup: [setup] })
    const { base, branch, path } = await world.workspace.admit({ id: 'fix' })
    const agent = world.agents.start('an agent')
    await recordedBefore(
      world,
      fact('task.recovered', { ...recoveredAs('creating'), base, branch, path, agent }),
    )
    if (status === 'failed') await world.engine.recover()
    world.agents.stop(agent)
    await world.engine.recover()
    expect(world.engine.find('fix')).toMatchObject({ status, agent: null })
  },
)

test('a worktree is deleted under an active task', async () => {
  const { world, task } = await editedTask()
  rmSync(task.path, { recursive: true })
  await world.engine.recover()
  expect(world.engine.find('fix')).toMatchObject({ status: 'active', worktree: 'present' })
})

test('a worktree is deleted, and its agent gone, after a process has died that began a merge', async () => {
  const { world, task } = await editedTask()
  await world.engine.checkpoint('fix', undefined)
  const end = await agentIn(world)
  end()
  await recordedBefore(world, fact('merge.requested', mergeRequest().data))
  rmSync(task.path, { recursive: true })
  await world.engine.recover()
  expect(world.engine.find('fix')).toMatchObject({ status: 'merged', agent: null })
})

test('work is pinned in the midst of a merge that a process has left unfinished', async () => {
  const { world } = await editedTask()
  await recordedBefore(world, fact('merge.requested', mergeRequest().data))
  expect(await world.engine.checkpoint('fix', 'to be sure')).toMatchObject({ number: 1 })
  expect(statusOf(world)).toBe('merging')
  await world.engine.recover()
  expect(statusOf(world)).toBe('merged')
})

test('a base moves while a merge is verified, then it conflicts, then it is rejected', async () => {
  const { world, task } = await editedTask()
  const { user, engine } = world
  const move = `test -e '${user.scratch}/moved' || { : > '${user.scratch}/moved'; git -C '${user.path}' commit -q --allow-empty -m moved; }`
  agentRuns(user, task.path, 'echo theirs >> README.md')
  user.commit('README.md', 'ours\n')
  await engine.command('fix', mergeRequest())
  expect(engine.find('fix')?.setback).toMatchObject({ kind: 'conflicted' })
  agentRuns(user, task.path, 'git checkout -q HEAD README.md')
  await engine.command('fix', mergeRequest({ verify: ['false'] }))
  expect(engine.find('fix')?.setback).toMatchObject({ kind: 'rejected' })
  await engine.command('fix', mergeRequest({ verify: ['sh', '-c', move] }))
  expect(statusOf(world)).toBe('merged')
})

test('a base moves with each attempt of a merge, which is given up', async () => {
  const { world } = await editedTask()
  const { user, engine } = world
  await world.engine.checkpoint('fix', undefined)
  const move = ['sh', '-c', `git -C '${user.path}' commit -q --allow-empty -m moved`]
  const before = user.git('rev-parse', 'main')
  const moved = fact('merge.base-moved', { expected: before, actual: null })
  const moves = Array.from({ length: MAX_BASE_MOVES - 2 }, () => moved)
  await recordedBefore(world, fact('merge.requested', mergeRequest({ verify: move }).data), ...moves)
  await engine.recover()
  expect(engine.find('fix')).toMatchObject({ status: 'active', setback: { reason: 'base-restless' } })
  expect(user.git('rev-list', '--count', `${before}..main`)).toBe('2')
})

const outlived = async ({ world }: Edited): Promise<void> => {
  const end = await agentIn(world)
  end()
}

/** Gives a command while git holds the worktree, so that it stays. */
async function whileLocked(
  { world, task }: Edited,
  ...commands: Parameters<World['engine']['command']>[1][]
): Promise<void> {
  world.user.git('worktree', 'lock', task.path)
  for (const command of commands) await world.engine.command('fix', command)
  world.user.git('worktree', 'unlock', task.path)
}

test.each([
  ['parked and resumed', PARK, RESUME, fact('task.parked')],
  ['abandoned and restored', ABANDON, RESTORE, fact('task.abandoned')],
])('a task is %s, at once and later, and its agent found gone', async (_, away, back, recorded) => {
  const edited = await editedTask()
  const { world } = edited
  await outlived(edited)
  await recordedBefore(world, recorded)
  await world.engine.recover()
  await world.engine.command('fix', back)
  await whileLocked(edited, away, back)
  expect(statusOf(world)).toBe('active')
  await world.engine.command('fix', PARK)
  await world.engine.command('fix', ABANDON)
  expect(world.engine.find('fix')).toMatchObject({ status: 'abandoned', worktree: 'absent' })
})

test('a log is lost and begun anew', async () => {
  const user = makeRepository()
  useEnvironment(user.env)
  await inEveryStatus(user)
  loseLog(user)
  const { tasks } = await startNewLog({ repo: user.path })
  expect(tasks.map(({ recovered }) => recovered.status)).toContain('merged')
})

test('so every transition that the statechart has was taken with real worktrees, and no other', () => {
  expect([...taken].toSorted()).toEqual(transitionsOf(toDirectedGraph(taskMachine)).toSorted())
})
