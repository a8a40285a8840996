import { rmSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ABANDON, PARK, RESTORE, RESUME } from '../../core/helpers/requests.js'
import { makeRepository } from '../../helpers/repository.js'
import { agentRuns, contentOf, gitIn, type Content } from '../helpers/tree.js'
import { openWorld, type World } from '../helpers/world.js'
import { CASES } from './cases.js'

interface Full extends Content {
  /** What git itself makes of it; it would tell a difference that nobody thought of. */
  readonly status: string
}

function fullContent({ user, engine }: World): Full {
  const { path } = engine.find('fix')!
  const status = gitIn(user, path, '--no-optional-locks', 'status', '--porcelain=v2', '-z')
  return { ...contentOf(user, path), status }
}

async function edited(script: string): Promise<World> {
  const world = await openWorld({ user: makeRepository() })
  const { path } = await world.engine.create({ id: 'fix' })
  agentRuns(world.user, path, script)
  return world
}

describe('a parked task comes back exactly as it was, with', () => {
  test.each(Object.entries(CASES))('%s', async (_, script) => {
    const world = await edited(script)
    const before = fullContent(world)
    expect(await world.engine.command('fix', PARK)).toMatchObject({ worktree: 'absent' })
    expect(await world.engine.command('fix', RESUME)).toMatchObject({ status: 'active', failure: null })
    expect(fullContent(world)).toEqual(before)
    expect(world.problems).toEqual([])
  })
})

const MIXED = `${CASES['a change that is staged and another that is not']}; git commit -qm one --allow-empty
  ${CASES['an untracked file in new directories']}; echo more >> src/numbers.txt; git add src/numbers.txt; rm src/greeting.txt`

test('an abandoned task is restored exactly as it was, though its branch was deleted', async () => {
  const world = await edited(MIXED)
  const before = fullContent(world)
  await world.engine.command('fix', ABANDON)
  expect(world.user.git('branch', '--list', 'coppice/*')).toBe('')
  await world.engine.command('fix', RESTORE)
  expect(fullContent(world)).toEqual(before)
  expect(world.problems).toEqual([])
})

test('a lost worktree is rebuilt exactly as its last checkpoint was', async () => {
  const world = await edited(MIXED)
  const before = fullContent(world)
  await world.engine.checkpoint('fix', undefined)
  rmSync(world.engine.find('fix')!.path, { recursive: true })
  await world.engine.recover()
  expect(fullContent(world)).toEqual(before)
  expect(world.problems).toEqual([])
})

test('a task can be parked and resumed again and again', async () => {
  const world = await edited(MIXED)
  const before = fullContent(world)
  for (let round = 0; round < 3; round++) {
    await world.engine.command('fix', PARK)
    await world.engine.command('fix', RESUME)
  }
  expect(fullContent(world)).toEqual(before)
  expect(world.engine.find('fix')?.checkpoint?.number).toBe(1)
})
