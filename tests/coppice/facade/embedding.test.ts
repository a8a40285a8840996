import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openCoppice } from 'coppice'
import { expect, test } from 'vitest'
import { listing } from '../../helpers/listing.js'
import { makeRepository } from '../../helpers/repository.js'

test('the embedding example of the design works as written', async () => {
  const repository = makeRepository()
  const script = 'if (!require("fs").existsSync("login.js")) process.exit(1)'

  const coppice = await openCoppice({ repo: repository.path })
  const task = await coppice.create({ id: 'fix-login', base: 'main' })
  writeFileSync(join(task.path, 'login.js'), 'export const login = () => true\n')
  const checkpoint = await task.checkpoint('after the first edit')
  const outcome = await task.merge({ strategy: 'squash', verify: [process.execPath, '-e', script] })
  await coppice.close()

  expect(task.branch).toBe('coppice/fix-login')
  expect(checkpoint).toMatchObject({ number: 1 })
  expect(outcome).toEqual({ status: 'merged', commit: repository.git('rev-parse', 'main'), into: 'main' })
  expect(task.status).toBe('merged')
  expect(repository.read('login.js')).toBe('export const login = () => true\n')
})

test('a conflict and a rejection are outcomes, not errors, and the task goes on', async () => {
  const repository = makeRepository()
  await using coppice = await openCoppice({ repo: repository.path })
  const task = await coppice.create({ id: 'a' })
  writeFileSync(join(task.path, 'README.md'), '# Theirs\n')
  repository.commit('README.md', '# Ours\n')
  expect(await task.merge()).toEqual({ status: 'conflicted', files: ['README.md'], fileCount: 1 })
  expect(task.status).toBe('active')
  expect(await task.merge({ strategy: 'ff' })).toMatchObject({
    status: 'rejected',
    reason: 'not-fast-forward',
    exitCode: null,
  })
  expect(task.state.setback).toMatchObject({ kind: 'rejected' })
})

test('a verify command of the configuration holds for merges that name none', async () => {
  const repository = makeRepository()
  repository.git('config', 'coppice.verify', 'echo refused by the configuration; exit 4')
  await using coppice = await openCoppice({ repo: repository.path })
  const task = await coppice.create({ id: 'a' })
  writeFileSync(join(task.path, 'new.txt'), 'new\n')
  expect(await task.merge()).toMatchObject({ reason: 'verification-failed', exitCode: 4 })
  expect(await task.merge({ verify: null })).toMatchObject({ status: 'merged' })
})

test('tasks live at once: operations on different tasks do not wait for one another', async () => {
  const repository = makeRepository()
  await using coppice = await openCoppice({ repo: repository.path })
  const ids = Array.from({ length: 6 }, (_, i) => `task-${i}`)
  const tasks = await Promise.all(ids.map((id) => coppice.create({ id })))
  for (const [i, task] of tasks.entries()) writeFileSync(join(task.path, `${i}.txt`), `${i}\n`)
  const outcomes = await Promise.all(tasks.map((task) => task.merge()))
  expect(outcomes.map(({ status }) => status)).toEqual(ids.map(() => 'merged'))
  for (const [i] of tasks.entries()) expect(repository.read(`${i}.txt`)).toBe(`${i}\n`)
})

test('operations on one task are serial', async () => {
  const repository = makeRepository()
  await using coppice = await openCoppice({ repo: repository.path })
  const task = await coppice.create({ id: 'a' })
  writeFileSync(join(task.path, 'new.txt'), 'new\n')
  const [parked, merged] = await Promise.allSettled([task.park(), task.merge()])
  expect(parked.status).toBe('fulfilled')
  expect(merged).toMatchObject({ status: 'rejected', reason: { code: 'illegal-move', status: 'parked' } })
})

test('tasks are found by id and by status', async () => {
  const repository = makeRepository()
  await using coppice = await openCoppice({ repo: repository.path })
  await coppice.create({ id: 'a' })
  const second = await coppice.create({ id: 'b', title: 'the second' })
  await second.park('not now')
  expect(coppice.tasks().map(({ id }) => id)).toEqual(['a', 'b'])
  expect(coppice.tasks({ status: 'parked' }).map(({ state }) => state.title)).toEqual(['the second'])
  expect(coppice.task('b').status).toBe('parked')
  expect(() => coppice.task('c')).toThrow(expect.objectContaining({ code: 'task-not-found' }))
  expect(() => coppice.task('../c')).toThrow(expect.objectContaining({ code: 'invalid-task-id' }))
})

test('every moment of the past can be asked for', async () => {
  const repository = makeRepository()
  await using coppice = await openCoppice({ repo: repository.path })
  const task = await coppice.create({ id: 'a' })
  const then = coppice.position
  await task.abandon()
  expect((await coppice.stateAt(then)).get('a')?.status).toBe('active')
  expect((await coppice.stateAt(0)).size).toBe(0)
  await expect(coppice.stateAt(10_000)).rejects.toMatchObject({ code: 'position-not-found' })
  await expect(coppice.stateAt(0.5)).rejects.toMatchObject({ code: 'position-not-found' })
})

/** Each is one that git, a shell, a terminal or some file system would choke on. */
const ODD_IDS = [
  '.. . -x --force a/../b a/b /etc a..b a.lock a. Fix FIX con nul.txt com1 a~1 a^ a:b a? a* a[b @ HEAD _a .git'.split(
    ' ',
  ),
  ['', ' ', 'a b', 'a\nb', 'a\tb', '\u0000', '\u0007', 'ä', '森', '\u202eabc', '@{', 'a\\b'],
  ['a'.repeat(65), 'a'.repeat(300)],
].flat()

test.each(ODD_IDS)('the id %j is refused, and nothing is made', async (id) => {
  const repository = makeRepository()
  const before = listing(repository.scratch)
  await using coppice = await openCoppice({ repo: repository.path })
  await expect(coppice.create({ id })).rejects.toMatchObject({ code: 'invalid-task-id', id })
  expect(listing(repository.scratch)).toEqual(before)
})

test('what cannot be right is refused before it reaches the log', async () => {
  const repository = makeRepository()
  await using coppice = await openCoppice({ repo: repository.path })
  const task = await coppice.create({ id: 'a', base: 'main~1' })
  const { position } = coppice
  const long = 'x'.repeat(8_193)
  const untyped = 'octopus' as unknown as 'merge'
  await expect(task.merge()).rejects.toMatchObject({ code: 'no-target-branch', task: 'a' })
  await expect(task.merge({ strategy: untyped })).rejects.toMatchObject({ code: 'invalid-strategy' })
  await expect(task.merge({ into: 'main', verify: [] })).rejects.toMatchObject({ code: 'invalid-command' })
  await expect(task.merge({ into: 'main', message: long })).rejects.toMatchObject({ code: 'invalid-text' })
  await expect(task.park(long)).rejects.toMatchObject({ code: 'invalid-text', field: 'reason' })
  await expect(task.run([])).rejects.toMatchObject({ code: 'invalid-command' })
  expect(coppice.position).toBe(position)
})

test('an abort ends what takes long, and says so in the caller’s own words', async () => {
  const repository = makeRepository()
  await using coppice = await openCoppice({ repo: repository.path })
  const task = await coppice.create({ id: 'a' })
  writeFileSync(join(task.path, 'new.txt'), 'new\n')
  const reason = new Error('enough')
  const controller = new AbortController()
  coppice.once('merge.prepared', () => controller.abort(reason))
  const merge = task.merge({ verify: ['sleep', '60'], signal: controller.signal })
  await expect(merge).rejects.toBe(reason)
  expect(task.state).toMatchObject({ status: 'active', setback: { reason: 'cancelled' } })
  await expect(task.park(undefined, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
})
