import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { debrisOf } from '../helpers/debris.js'
import { agentRuns, contentOf } from '../helpers/tree.js'
import { openWorld } from '../helpers/world.js'

test('what an interrupted rebuild has begun is not taken for the worktree, moved there; it is rebuilt anew', async () => {
  const world = await openWorld()
  const { user, engine } = world
  const { path } = await engine.create({ id: 'fix' })
  agentRuns(user, path, 'echo c > c; git add c; git commit -qm c; echo s > s; git add s; echo u > u')
  await engine.checkpoint('fix', undefined)
  const { gitDir } = engine.find('fix')!
  const before = contentOf(user, path)
  rmSync(path, { recursive: true })
  rmSync(gitDir!, { recursive: true })
  const staging = join(path, '../.making/fix+coppice')
  user.git('worktree', 'add', '--quiet', '--no-checkout', staging, 'coppice/fix')
  // Git gives the new entry the name of the old one.
  writeFileSync(join(gitDir!, 'coppice-task'), 'fix\n')
  await engine.recover()
  expect(world.problems).toEqual([])
  expect(engine.find('fix')).toMatchObject({ status: 'active', worktree: 'present', path, gitDir })
  expect(contentOf(user, path)).toEqual(before)
  expect(debrisOf(world)).toEqual([])
})
