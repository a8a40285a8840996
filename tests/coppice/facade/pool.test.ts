import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Coppice, type OpenOptions } from 'coppice'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { isRunning } from '../../git-adapter/helpers/processes.js'
import { eventually } from '../../helpers/eventually.js'
import { makeRepository } from '../../helpers/repository.js'
import { A_WHILE_MS, begun, leftIn, neverFilled, noteGit, opened } from '../helpers/pooled-facade.js'

async function readyIn(coppice: Coppice): Promise<number> {
  return (await coppice.pool())!.ready.length
}

describe('the pool is filled up again in the background', () => {
  test('whenever a task was made, and the next one takes what it holds', async () => {
    const repository = makeRepository()
    const coppice = await opened(repository, { poolSize: 2 })
    expect(leftIn(repository)).toEqual([])
    await coppice.create({ id: 'first' })
    await eventually(async () => (await readyIn(coppice)) === 2)
    const { ready, ...limits } = (await coppice.pool())!
    expect(limits).toEqual({ size: 2, maxBytes: 2 ** 31 })
    const inodes = ready.map(({ path }) => statSync(path).ino)
    const { path } = await coppice.create({ id: 'second' })
    expect(inodes).toContain(statSync(path).ino)
    expect(repository.git('-C', path, 'status', '--porcelain')).toBe('')
    await eventually(async () => (await readyIn(coppice)) === 2)
    expect(await coppice.doctor()).toMatchObject({ healthy: true })
  })

  test('with what the branch is at that tasks are merged into', async () => {
    const repository = makeRepository()
    repository.git('branch', 'release', 'HEAD~1')
    const coppice = await opened(repository, { poolSize: 1 })
    await coppice.create({ id: 'a', base: 'HEAD~2', into: 'release' })
    await eventually(async () => (await readyIn(coppice)) === 1)
    const { ready } = (await coppice.pool())!
    expect(ready[0]).toMatchObject({ commit: repository.git('rev-parse', 'release') })
  })

  test('once, however many tasks are made at the same time', async () => {
    const repository = makeRepository()
    const coppice = await opened(repository, { poolSize: 1 })
    await Promise.all(['a', 'b', 'c', 'd'].map((id) => coppice.create({ id })))
    await eventually(async () => (await readyIn(coppice)) === 1)
    await delay(A_WHILE_MS)
    expect(leftIn(repository)).toHaveLength(2)
  })

  test('by each of two that have the repository open, and there are not too many', async () => {
    const repository = makeRepository()
    const one = await opened(repository, { poolSize: 2 })
    const other = await opened(repository, { poolSize: 2 })
    await Promise.all([one.create({ id: 'a' }), other.create({ id: 'b' })])
    await eventually(async () => (await readyIn(one)) === 2)
    await delay(A_WHILE_MS)
    expect(leftIn(repository)).toHaveLength(4)
  })

  test('but not while nothing happens: no git process runs', async () => {
    const repository = makeRepository()
    const coppice = await opened(repository, { poolSize: 2 })
    await coppice.create({ id: 'first' })
    await eventually(async () => (await readyIn(coppice)) === 2)
    const full = leftIn(repository)
    await delay(A_WHILE_MS)
    const noted = noteGit(repository)
    rmSync(join(`${repository.path}.worktrees`, '.pool'), { recursive: true })
    await coppice.refresh()
    await delay(A_WHILE_MS)
    expect(noted()).toEqual([])
    expect(leftIn(repository)).toEqual(full.slice(0, 2))
  })

  test('nor by opening alone', async () => {
    const repository = makeRepository()
    const coppice = await opened(repository, { poolSize: 2 })
    await coppice.create({ id: 'first' })
    await eventually(async () => (await readyIn(coppice)) === 2)
    await coppice.close()
    rmSync(join(`${repository.path}.worktrees`, '.pool'), { recursive: true })
    const next = await opened(repository, { poolSize: 2 })
    await delay(A_WHILE_MS)
    expect(await readyIn(next)).toBe(0)
    expect(leftIn(repository)).toEqual([])
  })

  test.each<[string, Partial<OpenOptions>]>([
    ['the pool is to have none', { poolSize: 0 }],
    ['there is no room for one', { poolSize: 2, poolMaxBytes: 1 }],
    ['it is not to be refilled', { poolSize: 2, refillPool: false }],
    ['nothing is to be recovered', { poolSize: 2, recover: false }],
  ])('nor where %s', async (_, options) => {
    const repository = makeRepository()
    const coppice = await opened(repository, options)
    await coppice.create({ id: 'first' })
    await delay(A_WHILE_MS)
    expect(leftIn(repository)).toEqual([])
    expect(existsSync(join(`${repository.path}.worktrees`, '.pool'))).toBe(false)
  })

  test('and what goes wrong there is a warning, and is tried again after the next task', async () => {
    const repository = makeRepository()
    repository.commit('.gitattributes', 'src/numbers.txt filter=ours\n')
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue()
    onTestFinished(() => warn.mockRestore())
    const coppice = await opened(repository, { poolSize: 1 })
    repository.git('config', 'filter.ours.required', 'true')
    const pool = join(repository.path, '.git/coppice/pool')
    repository.git(
      'config',
      'filter.ours.smudge',
      `sh -c 'case "$GIT_DIR" in *coppice/pool*) exit 1;; esac; cat'`,
    )
    await coppice.create({ id: 'first' })
    await eventually(() => warn.mock.calls.length > 0)
    expect(existsSync(pool) ? readdirSync(pool) : []).toEqual([])
    repository.git('config', 'filter.ours.smudge', 'cat')
    await coppice.create({ id: 'second' })
    await eventually(async () => (await readyIn(coppice)) === 1)
  })
})

describe('closing', () => {
  test('ends a fill in the background, with what runs for it, and nothing is left of it', async () => {
    const { repository, pid } = neverFilled()
    const coppice = await opened(repository, { poolSize: 2 })
    await coppice.create({ id: 'first' })
    const running = await begun(pid)
    await coppice.close()
    await eventually(() => !isRunning(running))
    expect(leftIn(repository)).toEqual([])
  })

  test('ends one that was asked for, which says so', async () => {
    const { repository, pid } = neverFilled()
    const coppice = await opened(repository, { poolSize: 1 })
    const filling = coppice.fillPool()
    await begun(pid)
    await Promise.all([expect(filling).rejects.toMatchObject({ name: 'AbortError' }), coppice.close()])
    expect(leftIn(repository)).toEqual([])
  })

  test('keeps what is ready for whoever opens next', async () => {
    const repository = makeRepository()
    const coppice = await opened(repository, { poolSize: 1 })
    const filled = await coppice.fillPool()
    await coppice.close()
    expect(await (await opened(repository, { poolSize: 1 })).pool()).toEqual(filled)
  })
})

describe('a pool that is asked for', () => {
  test('is full when the answer comes, and says what is ready', async () => {
    const repository = makeRepository()
    const coppice = await opened(repository, { poolSize: 2, refillPool: false })
    const pool = await coppice.fillPool()
    const commit = repository.git('rev-parse', 'HEAD')
    const path = expect.stringContaining(`${repository.path}.worktrees/.pool/`) as string
    expect(pool).toEqual({
      size: 2,
      maxBytes: 2 ** 31,
      ready: [
        { path, commit, bytes: 3 * 4_096 },
        { path, commit, bytes: 3 * 4_096 },
      ],
    })
    expect(await coppice.pool()).toEqual(pool)
    expect(repository.git('worktree', 'list').split('\n')).toHaveLength(1)
    expect(coppice.tasks()).toEqual([])
    expect(coppice.position).toBe(0)
  })

  test('takes another size, for this process and for those that come after', async () => {
    const repository = makeRepository()
    const coppice = await opened(repository)
    await coppice.resizePool(2)
    expect(await coppice.fillPool()).toMatchObject({ size: 2, ready: [{}, {}] })
    expect(repository.git('config', '--local', 'coppice.poolSize')).toBe('2')
    expect(await (await opened(repository)).pool()).toMatchObject({ size: 2, ready: [{}, {}] })
    await coppice.resizePool(0)
    expect(await coppice.fillPool()).toMatchObject({ size: 0, ready: [] })
    expect(leftIn(repository)).toEqual([])
  })
})

test('what a task holds is none of the pool’s business', async () => {
  const repository = makeRepository()
  const coppice = await opened(repository, { poolSize: 1 })
  await coppice.fillPool()
  const task = await coppice.create({ id: 'a' })
  writeFileSync(join(task.path, 'work.txt'), 'work\n')
  await coppice.resizePool(0)
  await coppice.fillPool()
  await coppice.repair()
  expect(readFileSync(join(task.path, 'work.txt'), 'utf8')).toBe('work\n')
  expect(await task.merge()).toMatchObject({ status: 'merged' })
})
