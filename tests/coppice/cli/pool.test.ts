import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { PoolStatus, TaskState } from 'coppice'
import { describe, expect, test } from 'vitest'
import { coppice, coppiceJson, errorOf, startCoppice } from '../../helpers/coppice-command.js'
import { eventually } from '../../helpers/eventually.js'
import { makeRepository, type TestRepository } from '../../helpers/repository.js'
import { fillersOf, makePooled, readyIn } from '../helpers/pooled-command.js'

async function filledAgain(repository: TestRepository, size: number): Promise<void> {
  await eventually(async () => (await readyIn(repository)).length === size)
  await eventually(() => fillersOf(repository).length === 0)
}

function leftIn({ path }: TestRepository): string[] {
  const places = [join(path, '.git/coppice/pool'), join(`${path}.worktrees`, '.pool')]
  return places.filter((place) => existsSync(place)).flatMap((place) => readdirSync(place))
}

describe('coppice pool', () => {
  test('says what is ready, and of how much, and writes nothing', async () => {
    const repository = makePooled(2)
    const told = await coppice(repository, ['pool'])
    expect(told).toMatchObject({ code: 0, stdout: '', stderr: '0 of 2 ready, 0.0 of 2048 MiB\n' })
    expect(leftIn(repository)).toEqual([])
    expect(existsSync(join(repository.path, '.git/coppice'))).toBe(false)
  })

  test('fills it up with --fill, and lists paths and commits', async () => {
    const repository = makePooled(2)
    const { code, stdout, stderr } = await coppice(repository, ['pool', '--fill'])
    const head = repository.git('rev-parse', 'HEAD')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '2 of 2 ready, 0.0 of 2048 MiB\n' })
    const lines = stdout.trimEnd().split('\n')
    expect(lines).toHaveLength(2)
    for (const line of lines) expect(line).toMatch(new RegExp(`repo\\.worktrees/\\.pool/\\S+ +${head}$`))
    expect(await coppice(repository, ['pool'])).toMatchObject({ stdout })
    expect(await coppice(repository, ['pool', '--quiet'])).toMatchObject({ stdout, stderr: '' })
  })

  test('tells all of it with --json', async () => {
    const repository = makePooled(1)
    const filled = await coppiceJson<PoolStatus>(repository, ['pool', '--fill'])
    expect(filled).toEqual({
      size: 1,
      maxBytes: 2 ** 31,
      ready: [
        {
          path: expect.stringContaining('/repo.worktrees/.pool/') as string,
          commit: repository.git('rev-parse', 'HEAD'),
          bytes: 12_288,
        },
      ],
    })
    expect(await coppiceJson(repository, ['pool'])).toEqual(filled)
  })

  test('keeps so many from now on with --size, and makes or deletes them at once', async () => {
    const repository = makeRepository()
    expect(await coppiceJson(repository, ['pool', '--size', '3'])).toMatchObject({
      size: 3,
      ready: [{}, {}, {}],
    })
    expect(repository.git('config', '--local', 'coppice.poolSize')).toBe('3')
    const [, , newest] = await readyIn(repository)
    expect(await coppiceJson(repository, ['pool', '--size', '1'])).toMatchObject({ size: 1, ready: [newest] })
    expect(await coppiceJson(repository, ['pool', '--size', '0'])).toMatchObject({ size: 0, ready: [] })
    expect(leftIn(repository)).toEqual([])
    expect(repository.git('config', '--local', 'coppice.poolSize')).toBe('0')
  })

  test.each(['-1', '1.5', 'many', '', '1k'])(
    'refuses --size %j as wrong usage, and changes nothing',
    async (size) => {
      const repository = makePooled(1)
      const { code, stderr } = await coppice(repository, ['pool', '--size', size])
      expect(code).toBe(2)
      expect(stderr).toContain('--size')
      expect(repository.git('config', 'coppice.poolSize')).toBe('1')
      expect(leftIn(repository)).toEqual([])
    },
  )

  test('refuses a size that is too large, and says which are not', async () => {
    const repository = makePooled(1)
    const refused = await coppice(repository, ['pool', '--size', '65', '--json'])
    expect(refused.code).not.toBe(0)
    expect(errorOf(refused)).toMatchObject({ code: 'invalid-pool-limit', limit: 'poolSize', value: '65' })
    expect((await coppice(repository, ['pool', '--size', '65'])).stderr).toContain('from 0 to 64')
    expect(repository.git('config', 'coppice.poolSize')).toBe('1')
    expect(leftIn(repository)).toEqual([])
  })

  test('says what is wrong with a configuration, and changes nothing', async () => {
    const repository = makeRepository()
    repository.git('config', 'coppice.poolMaxBytes', '2 GiB')
    const refused = await coppice(repository, ['pool', '--json'])
    expect(refused.code).not.toBe(0)
    expect(errorOf(refused)).toMatchObject({
      code: 'invalid-pool-limit',
      limit: 'poolMaxBytes',
      value: '2 GiB',
    })
  })

  test('that is interrupted leaves nothing half made', async () => {
    const repository = makePooled(1)
    const begun = join(repository.scratch, 'begun')
    repository.commit('.gitattributes', 'src/numbers.txt filter=ours\n')
    repository.git('config', 'filter.ours.smudge', `touch '${begun}'; sleep 1000`)
    const { child, ended } = startCoppice(repository, ['pool', '--fill', '--json'])
    await eventually(() => existsSync(begun))
    child.kill('SIGINT')
    const { code, stderr } = await ended
    expect(code).toBe(1)
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'interrupted' } })
    expect(leftIn(repository)).toEqual([])
  })
})

describe('coppice new', () => {
  test('takes a ready worktree, and the pool is full again afterwards', async () => {
    const repository = makePooled(2)
    const { ready } = await coppiceJson<PoolStatus>(repository, ['pool', '--fill'])
    const inodes = ready.map(({ path }) => statSync(path).ino)
    const { path } = await coppiceJson<TaskState>(repository, ['new', 'a'])
    expect(inodes).toContain(statSync(path).ino)
    expect(repository.git('-C', path, 'status', '--porcelain', '--branch')).toBe('## coppice/a')
    await filledAgain(repository, 2)
    expect(await coppiceJson(repository, ['doctor'])).toMatchObject({ healthy: true })
  })

  test('in a repository whose pool is empty has it filled too', async () => {
    const repository = makePooled(1)
    expect((await coppice(repository, ['new', 'a'], { cwd: '/' })).code).not.toBe(0)
    expect((await coppice(repository, ['-C', repository.path, 'new', 'a'], { cwd: '/' })).code).toBe(0)
    await filledAgain(repository, 1)
  })

  test('has nothing filled where the pool is to have none', async () => {
    const repository = makePooled(0)
    expect((await coppice(repository, ['new', 'a'])).code).toBe(0)
    expect(fillersOf(repository)).toEqual([])
    expect(leftIn(repository)).toEqual([])
  })
})

test('coppice run takes a ready worktree, and the pool is full again afterwards', async () => {
  const repository = makePooled(1)
  await coppice(repository, ['pool', '--fill'])
  const [before] = await readyIn(repository)
  const ended = await coppice(repository, ['run', 'a', '--', 'sh', '-c', 'echo x > made.txt'])
  expect(ended.code).toBe(0)
  expect(repository.git('show', 'main:made.txt')).toBe('x')
  await filledAgain(repository, 1)
  expect(await readyIn(repository)).not.toEqual([before])
})
