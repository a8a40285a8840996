import { SimulatedWorld } from '@coppice/testkit'
import { openCoppice, openCoppiceOn, type Coppice, type OpenOptions } from 'coppice'
import { expect, onTestFinished, test } from 'vitest'
import { useEnvironment } from '../git-adapter/helpers/environment.js'
import { makeRepository, type TestRepository } from '../helpers/repository.js'

async function opened(repository: TestRepository, options: Partial<OpenOptions> = {}): Promise<Coppice> {
  useEnvironment(repository.env)
  const coppice = await openCoppice({ repo: repository.path, ...options })
  onTestFinished(() => coppice.close())
  return coppice
}

/** A repository in whose configuration, and in the user's, nothing is said of a pool. */
function makeUnconfigured(): TestRepository {
  const repository = makeRepository()
  repository.git('config', '--global', '--unset', 'coppice.poolSize')
  return repository
}

test('where nothing is said two ready worktrees are kept, of 2 GiB at most', async () => {
  const coppice = await opened(makeUnconfigured())
  expect(await coppice.pool()).toEqual({ size: 2, maxBytes: 2 ** 31, ready: [] })
})

test.each([
  ['0', 0],
  ['123456', 123_456],
  ['3k', 3 * 2 ** 10],
  ['3K', 3 * 2 ** 10],
  ['5m', 5 * 2 ** 20],
  ['5M', 5 * 2 ** 20],
  ['7g', 7 * 2 ** 30],
  ['7G', 7 * 2 ** 30],
])('the configuration may say coppice.poolMaxBytes=%s', async (text, bytes) => {
  const repository = makeRepository()
  repository.git('config', 'coppice.poolMaxBytes', text)
  expect(await (await opened(repository)).pool()).toMatchObject({ maxBytes: bytes })
})

test('what the caller says comes before the configuration, of which the repository’s comes before the user’s', async () => {
  const repository = makeRepository()
  repository.git('config', '--global', 'coppice.poolSize', '5')
  expect(await (await opened(repository)).pool()).toMatchObject({ size: 5 })
  repository.git('config', 'coppice.poolSize', '3')
  expect(await (await opened(repository)).pool()).toMatchObject({ size: 3 })
  const told = await opened(repository, { poolSize: 64, poolMaxBytes: 0 })
  expect(await told.pool()).toMatchObject({ size: 64, maxBytes: 0 })
})

const CODE = 'invalid-pool-limit'

test.each(['-1', '1.5', 'many', '', '65', '1k', '2t', '1 k', '0x1', '1e1', '99999999999999999999'])(
  'a size of %j is refused, with what to do',
  async (text) => {
    const repository = makeRepository()
    useEnvironment(repository.env)
    repository.git('config', 'coppice.poolSize', text)
    await expect(openCoppice({ repo: repository.path })).rejects.toMatchObject({
      code: CODE,
      limit: 'poolSize',
      value: text,
      most: 64,
      message: expect.stringContaining('poolSize') as string,
      hint: expect.stringContaining('from 0 to 64') as string,
    })
  },
)

test.each(['-1', '1.5', '2t', '9007199254740992', '9999999999g'])(
  '%j bytes are refused, with what to do',
  async (text) => {
    const repository = makeRepository()
    useEnvironment(repository.env)
    repository.git('config', 'coppice.poolMaxBytes', text)
    const most = Number.MAX_SAFE_INTEGER
    await expect(openCoppice({ repo: repository.path })).rejects.toMatchObject({
      code: CODE,
      limit: 'poolMaxBytes',
      most,
      hint: expect.stringContaining(String(most)) as string,
    })
  },
)

test.each([-1, 1.5, 65, Number.NaN, Number.POSITIVE_INFINITY])(
  'a size of %d is refused from a caller, and nothing is changed',
  async (size) => {
    const repository = makeRepository()
    const coppice = await opened(repository)
    await expect(openCoppice({ repo: repository.path, poolSize: size })).rejects.toMatchObject({ code: CODE })
    await expect(coppice.resizePool(size)).rejects.toMatchObject({ code: CODE, limit: 'poolSize' })
    expect(await coppice.pool()).toMatchObject({ size: 0 })
    expect(repository.git('config', '--get', 'coppice.poolSize')).toBe('0')
  },
)

test.each([-1, 0.5, Number.MAX_SAFE_INTEGER + 1])(
  '%d bytes are refused from a caller',
  async (poolMaxBytes) => {
    const { path, env } = makeRepository()
    useEnvironment(env)
    await expect(openCoppice({ repo: path, poolMaxBytes })).rejects.toMatchObject({ code: CODE })
  },
)

test('a workspace of one’s own has no pool', async () => {
  const coppice = await openCoppiceOn(new SimulatedWorld().start().ports)
  expect(await coppice.pool()).toBeNull()
  expect(await coppice.fillPool()).toBeNull()
  await coppice.resizePool(3)
  expect(await coppice.pool()).toBeNull()
  await coppice.close()
})
