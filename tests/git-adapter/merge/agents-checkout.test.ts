import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { mergeRequest } from '../../core/helpers/requests.js'
import { makeRepository, type TestRepository } from '../../helpers/repository.js'
import { agentRuns, gitIn } from '../helpers/tree.js'
import { openWorld, type World } from '../helpers/world.js'

/** A task `low`, and one on top of it, `high`, whose work lands on the branch of the first, where an agent is at work. */
async function stacked(
  user: TestRepository,
): Promise<{ world: World; low: string; high: string; ran: string }> {
  const ran = join(user.scratch, 'ran')
  writeFileSync(join(user.scratch, 'evil'), `#!/bin/sh\necho "$PWD" >> '${ran}'; cat\n`, { mode: 0o755 })
  const world = await openWorld({ user })
  const low = await world.engine.create({ id: 'low' })
  const high = await world.engine.create({ id: 'high', base: low.branch, into: low.branch })
  agentRuns(user, high.path, 'echo high > high; echo more >> README.md; git add -A; git commit -qm high')
  return { world, low: low.path, high: high.path, ran }
}

async function merged({ engine }: World) {
  return engine.command('high', mergeRequest({ into: 'coppice/low' }))
}

const REFUSED = { status: 'active', setback: { kind: 'rejected', reason: 'checkout-in-the-way' } }

test('a merge into another task’s branch brings its worktree along', async () => {
  const at = await stacked(makeRepository())
  expect(await merged(at.world)).toMatchObject({ status: 'merged' })
  expect(gitIn(at.world.user, at.low, 'status', '--porcelain')).toBe('')
  expect(existsSync(join(at.low, 'high'))).toBe(true)
})

test('it is refused where that worktree has git configuration of its own, and none of that is run', async () => {
  const user = makeRepository()
  user.git('config', 'extensions.worktreeConfig', 'true')
  const at = await stacked(user)
  agentRuns(
    user,
    at.low,
    `git config --worktree filter.e.clean '${join(user.scratch, 'evil')}'; echo '*.txt filter=e' > .gitattributes; touch src/*.txt`,
  )
  expect(await merged(at.world)).toMatchObject(REFUSED)
  expect(existsSync(at.ran)).toBe(false)
})

test('no filter of the user’s runs there, whatever the agent has made of its program', async () => {
  const user = makeRepository()
  user.write('filter.sh', '#!/bin/sh\ncat\n')
  user.commit('.gitattributes', '*.txt filter=own\n')
  user.git('config', 'filter.own.clean', 'sh ./filter.sh')
  const at = await stacked(user)
  agentRuns(user, at.low, 'cp ../../evil filter.sh; touch src/*.txt')
  expect(await merged(at.world)).toMatchObject({ status: 'merged' })
  expect(existsSync(at.ran)).toBe(false)
})

test.each([
  ['a file that a filter converts', 'echo more >> src/numbers.txt; git commit -qam more'],
  ['what filters are for', 'echo "README.md filter=own" >> .gitattributes; git commit -qam filter'],
])('it is refused where it would change %s', async (_, script) => {
  const user = makeRepository()
  user.commit('.gitattributes', '*.txt filter=own\n')
  user.git('config', 'filter.own.clean', 'cat -')
  const at = await stacked(user)
  agentRuns(user, at.high, script)
  expect(await merged(at.world)).toMatchObject(REFUSED)
  expect(gitIn(user, at.low, 'rev-parse', 'HEAD')).toBe(gitIn(user, at.low, 'rev-parse', 'coppice/low'))
})
