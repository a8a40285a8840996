import { existsSync } from 'node:fs'
import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { makeRepository } from '../../helpers/repository.js'
import { gitIn } from '../helpers/tree.js'
import { openWorld } from '../helpers/world.js'
import { fill } from './pooled.js'

// A real rename, before which somebody else may act.
vi.mock(import('node:fs/promises'), async (original) => {
  const real = await original()
  return { ...real, rename: vi.fn<typeof real.rename>(real.rename) }
})

test('what one repository is making of a ready worktree is not thrown away for a task of the same id in the other', async () => {
  const user = makeRepository()
  const place = join(user.scratch, 'shared')
  const one = await openWorld({ user, worktreesDir: place })
  const other = await openWorld({ user: makeRepository(), worktreesDir: place })
  const [spare] = await fill(one)
  await fill(other)
  const real = vi.mocked(fs.rename).getMockImplementation()!
  let theirs: unknown = null
  vi.mocked(fs.rename).mockImplementation(async (from, to) => {
    if (String(from).startsWith(spare!.gitDir) && theirs === null) {
      theirs = 'begun'
      theirs = await other.engine.create({ id: 'fix' }).catch((error: unknown) => error)
    }
    return real(from, to)
  })
  onTestFinished(() => void vi.mocked(fs.rename).mockImplementation(real))
  const { path, gitDir } = await one.engine.create({ id: 'fix' })
  expect(theirs).toBeInstanceOf(Error)
  expect(gitIn(one.user, path, 'rev-parse', '--absolute-git-dir').trim()).toBe(gitDir)
  expect(existsSync(join(path, 'README.md'))).toBe(true)
})
