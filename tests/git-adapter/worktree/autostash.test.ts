import { expect, test } from 'vitest'
import { PARK } from '../../core/helpers/requests.js'
import { agentRuns, filesIn } from '../helpers/tree.js'
import { openWorld } from '../helpers/world.js'

test('a worktree whose rebase has put work aside is kept until the rebase is done', async () => {
  const world = await openWorld()
  const { user, engine } = world
  const { path } = await engine.create({ id: 'fix' })
  agentRuns(
    user,
    path,
    `echo ours > src/greeting.txt; git commit -qam ours; git checkout -q -b side HEAD~1
     echo theirs > src/greeting.txt; git commit -qam theirs; git checkout -q coppice/fix
     echo dirty > README.md; git rebase -q --autostash side || true`,
  )
  await engine.command('fix', PARK)
  expect(world.problems).toMatchObject([{ error: { reason: { code: 'autostash' } } }])
  agentRuns(user, path, 'git rebase --abort')
  expect(filesIn(path)['README.md']).toBe('file - dirty\n')
})
