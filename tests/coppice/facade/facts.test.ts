import { openCoppice, type RecordedFact } from 'coppice'
import { expect, test } from 'vitest'
import { coppice as command } from '../../helpers/coppice-command.js'
import { eventually } from '../../helpers/eventually.js'
import { makeRepository } from '../../helpers/repository.js'

test('listeners get every fact in log order, those of other processes too, and each once', async () => {
  const repository = makeRepository()
  await using coppice = await openCoppice({ repo: repository.path })
  const heard: RecordedFact[] = []
  const parked: string[] = []
  coppice.on('fact', (fact) => heard.push(fact))
  coppice.on('task.parked', ({ data, stream }) => parked.push(`${stream}: ${data.reason}`))
  const own = Promise.all(['a', 'b', 'c'].map((id) => coppice.create({ id })))
  const others = ['d', 'e'].map((id) => command(repository, ['new', id]))
  await Promise.all([own, ...others])
  await command(repository, ['park', 'd', '--reason', 'lunch'])
  await eventually(() => heard.some(({ type }) => type === 'worktree.removed'))
  const recorded: RecordedFact[] = []
  for await (const fact of coppice.events()) recorded.push(fact)
  expect(heard).toEqual(recorded)
  expect(heard.map(({ sequence }) => sequence)).toEqual(heard.map((_, i) => i + 1))
  expect(parked).toEqual(['task/d: lunch'])
})

test('a fact is durable before a listener hears of it', async () => {
  const repository = makeRepository()
  await using coppice = await openCoppice({ repo: repository.path })
  const inTheLog: Promise<number>[] = []
  coppice.on('worktree.created', () => {
    inTheLog.push(openCoppice({ repo: repository.path, recover: false }).then(({ position }) => position))
  })
  await coppice.create({ id: 'a' })
  expect(await Promise.all(inTheLog)).toEqual([2])
})

test('once hears one fact, and off ends the hearing', async () => {
  const repository = makeRepository()
  await using coppice = await openCoppice({ repo: repository.path })
  let [once, until] = [0, 0]
  const listener = (): void => {
    until += 1
  }
  coppice.once('worktree.created', () => (once += 1)).on('worktree.created', listener)
  await coppice.create({ id: 'a' })
  coppice.off('worktree.created', listener)
  await coppice.create({ id: 'b' })
  expect({ once, until }).toEqual({ once: 1, until: 1 })
})

test('events are those of one task, from a position on', async () => {
  const repository = makeRepository()
  await using coppice = await openCoppice({ repo: repository.path })
  await coppice.create({ id: 'a' })
  const task = await coppice.create({ id: 'b' })
  await task.park()
  const types = async (options: Parameters<typeof coppice.events>[0]): Promise<string[]> => {
    const found: string[] = []
    for await (const { type } of coppice.events(options)) found.push(type)
    return found
  }
  expect(await types({ task: 'a' })).toEqual(['task.requested', 'worktree.created'])
  expect((await types({ task: 'b', from: 5 }))[0]).toBe('task.parked')
  expect(await types({ task: 'a', from: 5 })).toEqual([])
})

test('events that follow go on until they are aborted', async () => {
  const repository = makeRepository()
  await using coppice = await openCoppice({ repo: repository.path })
  const controller = new AbortController()
  const found: string[] = []
  const following = (async () => {
    for await (const { type, stream } of coppice.events({ follow: true, signal: controller.signal })) {
      found.push(`${stream} ${type}`)
      if (stream === 'task/b' && type === 'worktree.created') controller.abort()
    }
  })()
  await coppice.create({ id: 'a' })
  await command(repository, ['new', 'b'])
  await following
  expect(found).toEqual([
    'task/a task.requested',
    'task/a worktree.created',
    'task/b task.requested',
    'task/b worktree.created',
  ])
})

test('events that follow end when coppice is closed', async () => {
  const repository = makeRepository()
  const coppice = await openCoppice({ repo: repository.path })
  await coppice.create({ id: 'a' })
  const found: string[] = []
  const following = (async () => {
    for await (const { type } of coppice.events({ follow: true })) found.push(type)
  })()
  await eventually(() => found.length === 2)
  await coppice.close()
  await following
  expect(found).toEqual(['task.requested', 'worktree.created'])
})
