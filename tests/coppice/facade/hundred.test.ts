import { openCoppice } from 'coppice'
import { expect, test } from 'vitest'
import { coppice as command } from '../../helpers/coppice-command.js'
import { makeRepository } from '../../helpers/repository.js'
import { noteGit, opened } from '../helpers/pooled-facade.js'

const TASKS = 100

/** Git processes that there may be with a hundred live tasks. A number here may fall, and rises only for a good reason. */
const CEILING = { open: 3, list: 2 }

test('to open a repository and to list its tasks takes no more git processes for a hundred live tasks', async () => {
  const repository = makeRepository()
  const ids = Array.from({ length: TASKS }, (_, at) => `task-${at}`)
  const first = await opened(repository)
  await Promise.all(ids.map((id) => first.create({ id })))
  await first.close()

  const noted = noteGit(repository)
  await using coppice = await openCoppice({ repo: repository.path })
  const before = noted().length
  expect(before).toBeGreaterThan(0)
  expect(before).toBeLessThanOrEqual(CEILING.open)
  expect(coppice.tasks({ status: 'active' })).toHaveLength(TASKS)
  expect(noted()).toHaveLength(before)

  const { code, stdout } = await command(repository, ['list'], {
    env: { ...repository.env, PATH: process.env['PATH']! },
  })
  expect([code, stdout.trim().split('\n').length]).toEqual([0, TASKS + 1])
  const listing = noted().length - before
  expect(listing).toBeGreaterThan(0)
  expect(listing).toBeLessThanOrEqual(CEILING.list)
})
