import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openCoppice, type Coppice, type Task } from 'coppice'
import { expect, onTestFinished, test } from 'vitest'
import { makeRepository, type TestRepository } from '../../helpers/repository.js'

async function worked(id = 'fix'): Promise<{ repository: TestRepository; coppice: Coppice; task: Task }> {
  const repository = makeRepository()
  const coppice = await openCoppice({ repo: repository.path })
  onTestFinished(() => coppice.close())
  const task = await coppice.create({ id })
  writeFileSync(join(task.path, 'new.txt'), 'new\n')
  return { repository, coppice, task }
}

test('a merge can be answered as soon as it has landed, and its worktree goes behind it', async () => {
  const { repository, coppice, task } = await worked()
  const { path, branch } = task
  expect(await task.merge({ until: 'landed' })).toMatchObject({ status: 'merged' })
  expect(repository.git('show', 'main:new.txt')).toBe('new')
  expect(task.state).toMatchObject({ status: 'merged', worktree: 'present' })
  await coppice.close()
  expect(task.state.worktree).toBe('absent')
  expect(existsSync(path)).toBe(false)
  expect(repository.git('branch', '--list', branch)).toBe('')
})

test('so can one that comes back', async () => {
  const { repository, task } = await worked()
  writeFileSync(join(task.path, 'README.md'), '# Theirs\n')
  repository.commit('README.md', '# Ours\n')
  expect(await task.merge({ until: 'landed' })).toMatchObject({ status: 'conflicted' })
  await expect(task.merge({ until: 'landed', into: 'not there' })).resolves.toMatchObject({
    status: 'rejected',
  })
  await task.abandon()
  await expect(task.merge({ until: 'landed' })).rejects.toMatchObject({ code: 'illegal-move' })
})

test('whoever asks for something of the task next waits until it is gone', async () => {
  const { task } = await worked()
  await task.merge({ until: 'landed' })
  await task.settle()
  expect(task.state.worktree).toBe('absent')
})

test('whoever asks twice is refused the second time', async () => {
  const { task } = await worked()
  const [first, second] = await Promise.allSettled([
    task.merge({ until: 'landed' }),
    task.merge({ until: 'landed' }),
  ])
  expect(first).toMatchObject({ status: 'fulfilled', value: { status: 'merged' } })
  expect(second).toMatchObject({ status: 'rejected', reason: { code: 'illegal-move' } })
})

test('until it has landed it can be cancelled, and no more after that', async () => {
  const { coppice, task } = await worked()
  const early = new AbortController()
  const merging = task.merge({ until: 'landed', verify: ['sleep', '60'], signal: early.signal })
  coppice.once('merge.prepared', () => early.abort(new Error('enough')))
  await expect(merging).rejects.toThrow('enough')
  expect(task.status).toBe('active')
  const late = new AbortController()
  await task.merge({ until: 'landed', signal: late.signal })
  late.abort()
  await coppice.close()
  expect(task.state.worktree).toBe('absent')
})

test('another task that lands meanwhile is no answer', async () => {
  const { coppice, task } = await worked('first')
  const other = await coppice.create({ id: 'second' })
  writeFileSync(join(other.path, 'other.txt'), 'other\n')
  const slow = task.merge({ until: 'landed', verify: ['sh', '-c', 'sleep 0.5; exit 1'] })
  await other.merge()
  expect(await slow).toMatchObject({ status: 'rejected', reason: 'verification-failed' })
})
