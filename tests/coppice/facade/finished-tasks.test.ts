import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { openFileLog } from '@coppice/store'
import { openCoppice, type Fact } from 'coppice'
import { expect, test } from 'vitest'
import { coppice, coppiceJson } from '../../helpers/coppice-command.js'
import { listing } from '../../helpers/listing.js'
import { makeRepository, type TestRepository } from '../../helpers/repository.js'

const AT = '2024-01-02T03:04:05.678Z'
const COUNT = 80

/** The facts of a task that was given up long ago. */
function givenUp(id: string): Fact[] {
  const base = { ref: 'main', commit: '9f2c1d7b3a4e5f60718293a4b5c6d7e8f9012345' }
  const path = `/gone/${id}`
  const data = { title: `The title of ${id}`, base, into: 'main', branch: `coppice/${id}`, path }
  return [
    { type: 'task.requested', at: AT, data },
    { type: 'worktree.created', at: AT, data: { gitDir: `/gone/.git/${id}`, head: base.commit } },
    { type: 'task.abandoned', at: AT, data: { reason: null } },
    { type: 'worktree.removed', at: AT, data: {} },
  ]
}

/** A repository in which much was done, as earlier processes left it. */
async function withHistory(): Promise<TestRepository> {
  const repository = makeRepository()
  const log = await openFileLog(join(repository.path, '.git/coppice'))
  for (let index = 0; index < COUNT; index++) {
    await log.append(`task/old-${index}`, givenUp(`old-${index}`), 'no-stream')
  }
  await log.close()
  return repository
}

/** The same, with a snapshot. */
async function withSnapshot(): Promise<TestRepository> {
  const repository = await withHistory()
  await (await openCoppice({ repo: repository.path })).close()
  return repository
}

test('who only looks saves no snapshot, however long the log is', async () => {
  const repository = await withHistory()
  const before = listing(repository.scratch)
  const looking = await openCoppice({ repo: repository.path, recover: false })
  expect(looking.tasks()).toHaveLength(COUNT)
  await looking.close()
  expect(listing(repository.scratch)).toEqual(before)
})

test('finished tasks are known by their snapshot as they were by the log', async () => {
  const repository = await withHistory()
  const first = await openCoppice({ repo: repository.path })
  const states = first.tasks().map(({ state }) => state)
  await first.close()
  await using second = await openCoppice({ repo: repository.path })
  expect(second.tasks().map(({ state }) => state)).toEqual(states)
  expect(second.task('old-7').state).toEqual(states[7])
  expect(() => second.task('old-x')).toThrow(expect.objectContaining({ code: 'task-not-found' }) as Error)
  await expect(second.create({ id: 'old-7' })).rejects.toMatchObject({ code: 'task-exists' })
})

test('lists keep the order of the requests, of one status or of several', async () => {
  const repository = await withSnapshot()
  await using opened = await openCoppice({ repo: repository.path })
  await opened.create({ id: 'new' })
  await opened.create({ id: 'newer' })
  await opened.task('new').park()
  const ids = Array.from({ length: COUNT }, (_, index) => `old-${index}`)
  expect(opened.tasks().map(({ id }) => id)).toEqual([...ids, 'new', 'newer'])
  expect(opened.tasks({ status: 'abandoned' }).map(({ id }) => id)).toEqual(ids)
  expect(opened.tasks({ status: ['active', 'parked'] }).map(({ id }) => id)).toEqual(['new', 'newer'])
  expect(opened.tasks({ status: [] })).toEqual([])
})

test('a task of a list shows what has become of it since', async () => {
  const repository = await withSnapshot()
  const first = await openCoppice({ repo: repository.path })
  const task = await first.create({ id: 'new' })
  await task.abandon()
  const listed = first.tasks({ status: 'abandoned' }).at(-1)!
  expect(listed).toMatchObject({ id: 'new', status: 'abandoned' })
  await task.restore()
  expect(listed.status).toBe('active')
  await first.close()
  expect(listed.status).toBe('active')
  expect(first.task('old-3').state.title).toBe('The title of old-3')
})

test('a snapshot that somebody deletes while it is open is told once, and a refresh makes it good', async () => {
  const repository = await withSnapshot()
  await using opened = await openCoppice({ repo: repository.path })
  rmSync(join(repository.path, '.git/coppice/snapshot'), { recursive: true })
  const lost = { code: 'snapshot-lost', hint: expect.stringContaining('refresh()') as string }
  expect(() => opened.task('old-3')).toThrow(expect.objectContaining(lost) as Error)
  await opened.refresh()
  expect(opened.task('old-3').status).toBe('abandoned')
})

test('the command lists what is live, and with --all what a snapshot holds too', async () => {
  const repository = await withSnapshot()
  expect((await coppice(repository, ['list'])).stderr).toContain('no live tasks')
  await coppice(repository, ['new', 'new'])
  expect(await coppiceJson(repository, ['list'])).toMatchObject([{ id: 'new' }])
  const all = await coppiceJson<{ id: string }[]>(repository, ['list', '--all'])
  expect(all).toHaveLength(COUNT + 1)
  expect(all).toEqual(await coppiceJson(repository, ['replay']))
  expect(await coppiceJson(repository, ['status', 'old-5'])).toEqual(all[5])
})
