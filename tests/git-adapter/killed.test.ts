import { openFileLog } from '@coppice/store'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { TaskState } from '@coppice/core'
import { expect, test } from 'vitest'
import { ABANDON } from '../core/helpers/requests.js'
import { makeRepository } from '../helpers/repository.js'
import { debrisOf } from './helpers/debris.js'
import { openWorld, type World } from './helpers/world.js'
import { startWorker } from './helpers/worker.js'

const ROUNDS = 8
const TASKS = 4
/** Milliseconds by which a worker has done most of its work on an idle machine. */
const LIFETIME_MS = 1_500

test('whenever an engine is killed, the next one finishes what it began, once, and nothing is lost or left over', async () => {
  const user = makeRepository()
  for (let round = 0; round < ROUNDS; round++) {
    const worker = startWorker(user, 'live', `r${round}-`, TASKS)
    await worker.says('ready')
    await delay(Math.random() * LIFETIME_MS)
    worker.kill(round % 2 === 0)
    await worker.ended
    const world = await openWorld({ user, log: await openFileLog(join(user.path, '.git/coppice')) })
    await world.engine.recover()
    // Index files of the dead are swept by whoever next needs one.
    await world.engine.create({ id: `sweeper-${round}` })
    await world.engine.command(`sweeper-${round}`, ABANDON)
    expect(world.problems).toEqual([])
    expect(debrisOf(world)).toEqual([])
    const wrote = worker.said
      .filter((line) => line.startsWith('wrote '))
      .map((line) => line.slice('wrote '.length))
    for (const id of wrote) expectKept(world, world.engine.find(id)!)
    expectLandedOnce(world)
    await world.engine.close()
  }
  expect(user.git('fsck', '--strict', '--no-dangling')).toBe('')
  expect(user.git('status', '--porcelain')).toBe('')
}, 180_000)

const FILES = ['committed', 'staged', 'untracked']

function expectKept({ user }: World, { id, status, path, checkpoint, landing }: TaskState): void {
  const kept = (file: string): boolean => {
    if (status === 'active') return existsSync(join(path, file))
    return has(status === 'merged' ? landing!.commit : checkpoint!.commit, file)
  }
  const has = (commit: string, file: string): boolean =>
    user.git('ls-tree', '--name-only', commit).split('\n').includes(file)
  for (const kind of FILES)
    expect([id, status, kind, kept(`${id}.${kind}`)]).toEqual([id, status, kind, true])
}

function expectLandedOnce({ user, engine }: World): void {
  const merged = engine.tasks().filter(({ status }) => status === 'merged')
  const subjects = user.git('log', '--first-parent', '--merges', '--format=%s', 'main').split('\n')
  expect(subjects.filter((subject) => subject !== '').toSorted()).toEqual(
    merged.map(({ id }) => id).toSorted(),
  )
}
