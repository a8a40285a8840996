import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { openCoppice, type Coppice, type OpenOptions } from 'coppice'
import { expect, onTestFinished, test } from 'vitest'
import { makeRepository, type TestRepository } from '../../helpers/repository.js'

/** Long enough for several rounds of one second. */
const ROUNDS_MS = 3_500

async function opened({ path }: TestRepository, options: Partial<OpenOptions> = {}): Promise<Coppice> {
  const coppice = await openCoppice({ repo: path, checkpointInterval: 1, ...options })
  onTestFinished(() => coppice.close())
  return coppice
}

test('what changes is pinned regularly, once, and comes back when the worktree is deleted', async () => {
  const coppice = await opened(makeRepository())
  const [busy, idle] = await Promise.all([coppice.create({ id: 'busy' }), coppice.create({ id: 'idle' })])
  writeFileSync(join(busy.path, 'work.txt'), 'work\n')
  await expect.poll(() => busy.state.checkpoint, { timeout: 20_000 }).toMatchObject({ number: 1 })
  await delay(ROUNDS_MS)
  expect(busy.state.checkpoint).toMatchObject({ number: 1 })
  expect(idle.state.checkpoint).toBeNull()

  rmSync(busy.path, { recursive: true })
  await coppice.repair()
  expect(await busy.diff()).toEqual(expect.anything())
  expect(busy.status).toBe('active')
})

test('a task that has just been taken back, and one that cannot be pinned, keep the others from nothing', async () => {
  const coppice = await opened(makeRepository())
  const problems: string[] = []
  coppice.on('problem', ({ task }) => problems.push(task))
  const broken = await coppice.create({ id: 'a-broken' })
  const good = await coppice.create({ id: 'b-good' })
  rmSync(join(broken.path, '.git'))
  writeFileSync(join(broken.state.gitDir!, 'HEAD'), 'nonsense\n')
  writeFileSync(join(good.path, 'work.txt'), 'work\n')
  await expect.poll(() => good.state.checkpoint, { timeout: 20_000 }).toMatchObject({ number: 1 })
  expect(new Set(problems)).toEqual(new Set(['a-broken']))
})

test.each<[string, Partial<OpenOptions>]>([
  ['the interval is 0', { checkpointInterval: 0 }],
  ['nothing is to be recovered', { recover: false }],
])('nothing is pinned by itself where %s', async (_, options) => {
  const coppice = await opened(makeRepository(), options)
  const task = await coppice.create({ id: 'a' })
  writeFileSync(join(task.path, 'work.txt'), 'work\n')
  await delay(ROUNDS_MS)
  expect(task.state.checkpoint).toBeNull()
})

test.each(['-1', '1.5', 'often', '86401'])('an interval of %s is refused', async (interval) => {
  const repository = makeRepository()
  const code = 'invalid-interval'
  await expect(
    openCoppice({ repo: repository.path, checkpointInterval: Number(interval) }),
  ).rejects.toMatchObject({
    code,
  })
  repository.git('config', 'coppice.checkpointInterval', interval)
  await expect(openCoppice({ repo: repository.path })).rejects.toMatchObject({ code })
})

test('the timer keeps no process alive', () => {
  const program = new URL('../programs/left-open.mjs', import.meta.url).pathname
  const { status, stdout } = spawnSync(process.execPath, [program, makeRepository().path], {
    encoding: 'utf8',
    timeout: 20_000,
  })
  expect({ status, stdout }).toEqual({ status: 0, stdout: 'open\n' })
})
