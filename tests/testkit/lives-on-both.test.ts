import { simulatedWorkspaceWorld } from '@coppice/testkit'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dirname, join } from 'node:path'
import { arbitraryDeeds } from './helpers/deeds.js'
import { gitWorkspaceWorld } from './helpers/git-workspace-world.js'
import { live } from './helpers/live.js'

test('a task has the same life, fact by fact and id by id, in the simulated world and in the real one', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryDeeds, async (deeds) => {
      const real = await gitWorkspaceWorld({ empty: true })
      const { path } = await (
        await real.open()
      ).admit({ id: 'fix', base: await real.commitTo('elsewhere', { x: 'x' }) })
      await real.moveRef('refs/heads/elsewhere', null)
      const worktreesDir = dirname(path)
      const simulated = simulatedWorkspaceWorld({
        worktreesDir,
        commonDir: join(dirname(worktreesDir), 'repo.git'),
        identity: { name: 'A Tester', email: 'tester@example.invalid' },
        files: null,
      })
      expect(await live(simulated, deeds)).toEqual(await live(real, deeds))
    }),
    { numRuns: 6 },
  )
})
