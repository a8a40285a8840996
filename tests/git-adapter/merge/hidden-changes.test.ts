import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { expectBroughtAlong, expectRefused, readyToLand } from '../helpers/landing.js'

const FILE = 'src/greeting.txt'

test.each(['--assume-unchanged', '--skip-worktree'])(
  'a file that git was told to pass over with %s is the user’s own where it differs',
  async (flag) => {
    const world = await readyToLand()
    const { user } = world
    user.git('update-index', flag, FILE)
    // What a killed fast-forward could have left, too.
    writeFileSync(join(user.path, FILE), 'hello\nworld\nmo')
    await expectRefused(world)
    expect(readFileSync(join(user.path, FILE), 'utf8')).toBe('hello\nworld\nmo')
  },
)

test('one that was deleted is the user’s own, too', async () => {
  const world = await readyToLand()
  world.user.git('update-index', '--assume-unchanged', FILE)
  rmSync(join(world.user.path, FILE))
  await expectRefused(world)
})

test('where it is as git wrote it, it is brought along', async () => {
  const world = await readyToLand()
  world.user.git('update-index', '--assume-unchanged', FILE)
  await expectBroughtAlong(world)
})

test('an index in more than one file tells it as well', async () => {
  const world = await readyToLand()
  const { user } = world
  user.git('update-index', '--split-index')
  user.git('update-index', '--assume-unchanged', FILE)
  writeFileSync(join(user.path, FILE), 'hello\n')
  await expectRefused(world)
})
