import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { ABANDON } from '../../core/helpers/requests.js'
import { listing } from '../../helpers/listing.js'
import { makeRepository } from '../../helpers/repository.js'
import { expectHealthy } from '../helpers/drift.js'
import { openWorld, type World } from '../helpers/world.js'

// A real rename, before which somebody else may act.
vi.mock(import('node:fs/promises'), async (original) => {
  const real = await original()
  return { ...real, rename: vi.fn<typeof real.rename>(real.rename) }
})

/** Two repositories that have one place for their worktrees. */
interface Neighbours {
  readonly one: World
  readonly other: World
  /** Where a worktree is made for a task `fix`. */
  readonly staging: string
  readonly trash: string
}

async function neighbours(): Promise<Neighbours> {
  const user = makeRepository()
  const place = join(user.scratch, 'shared')
  return {
    one: await openWorld({ user, worktreesDir: place }),
    other: await openWorld({ user: makeRepository(), worktreesDir: place }),
    staging: join(place, '.making/fix+coppice'),
    trash: join(place, '.trash/fix~1'),
  }
}

/** A worktree of the one repository that is just being made. */
function begin({ one, staging }: Neighbours): void {
  one.user.git('worktree', 'add', '--quiet', '--detach', staging)
}

const OCCUPIED = { code: 'path-occupied', message: expect.stringContaining('exists already') as string }

test('what one repository is making is not thrown away for a task of the same id in the other', async () => {
  const found = await neighbours()
  const { one, other, staging } = found
  begin(found)
  const before = listing(staging)

  await expect(other.engine.create({ id: 'fix' })).rejects.toMatchObject({ reason: OCCUPIED })
  await other.engine.command('fix', ABANDON)
  await other.engine.repair(false)

  expect(listing(staging)).toEqual(before)
  await expectHealthy(other)
  expect(await one.engine.create({ id: 'fix' })).toMatchObject({ status: 'active' })
  expect(existsSync(staging)).toBe(false)
})

test('nor is it where it was begun since the other one has looked', async () => {
  const found = await neighbours()
  const { other, staging } = found
  mkdirSync(staging, { recursive: true })
  let isFirst = true
  const real = vi.mocked(fs.rename).getMockImplementation()!
  vi.mocked(fs.rename).mockImplementation(async (from, to) => {
    if (from === staging && isFirst) {
      isFirst = false
      begin(found)
    }
    return real(from, to)
  })
  onTestFinished(() => void vi.mocked(fs.rename).mockImplementation(real))

  await expect(other.engine.create({ id: 'fix' })).rejects.toMatchObject({ reason: OCCUPIED })

  expect(isFirst).toBe(false)
  expect(readFileSync(join(staging, 'README.md'), 'utf8')).not.toBe('')
})

test('what lies in the trash of one repository is not deleted for a task of the same id in the other', async () => {
  const { one, other, trash } = await neighbours()
  const { path } = await one.engine.create({ id: 'fix' })
  writeFileSync(join(path, 'work'), 'work')
  mkdirSync(join(trash, '..'))
  renameSync(path, trash)

  await other.engine.create({ id: 'fix' })
  await other.engine.command('fix', ABANDON)
  await other.engine.repair(false)
  await expectHealthy(other)
  expect(readFileSync(join(trash, 'work'), 'utf8')).toBe('work')

  await one.engine.command('fix', ABANDON)
  expect(existsSync(trash)).toBe(false)
  const { tree } = one.engine.find('fix')!.checkpoint!
  expect(one.user.git('show', `${tree}:work`)).toBe('work')
})
