import { expect } from 'vitest'
import { mergeRequest } from '../../core/helpers/requests.js'
import { makeRepository } from '../../helpers/repository.js'
import { agentRuns, contentOf } from './tree.js'
import { openWorld, type World } from './world.js'

/** A task that changes one file, makes one and deletes one, ready to be merged. */
export async function readyToLand(user = makeRepository()): Promise<World> {
  const world = await openWorld({ user })
  const { path } = await world.engine.create({ id: 'fix', base: 'main', into: 'main' })
  agentRuns(
    user,
    path,
    'echo more >> src/greeting.txt; mkdir new; echo new > new/file; rm src/numbers.txt; git add --all',
  )
  return world
}

export async function expectBroughtAlong({ engine, user }: World, at = user.path): Promise<void> {
  expect(await engine.command('fix', mergeRequest())).toMatchObject({ status: 'merged' })
  expect(user.git('-C', at, 'symbolic-ref', 'HEAD')).toBe('refs/heads/main')
  expect(user.git('-C', at, 'show', 'main:src/greeting.txt')).toBe('hello\nworld\nmore')
}

export async function expectRefused({ engine, user }: World, at = user.path): Promise<void> {
  const content = contentOf(user, at)
  const main = user.git('rev-parse', 'main')
  const task = await engine.command('fix', mergeRequest())
  expect(task).toMatchObject({
    status: 'active',
    setback: { kind: 'rejected', reason: 'checkout-in-the-way' },
  })
  expect(contentOf(user, at)).toEqual(content)
  expect(user.git('rev-parse', 'main')).toBe(main)
}
