import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { mergeRequest } from '../core/helpers/requests.js'
import { agentRuns } from './helpers/tree.js'
import { openWorld, type World } from './helpers/world.js'

interface Worked {
  readonly world: World
  readonly path: string
  readonly gitDir: string
}

async function worked(script: string): Promise<Worked> {
  const world = await openWorld()
  const { path, gitDir } = await world.engine.create({ id: 'fix' })
  agentRuns(world.user, path, `echo work > work; mkdir -p sub/deep; echo deep > sub/deep/file; ${script}`)
  return { world, path, gitDir: gitDir! }
}

function pipesIn(path: string): number {
  return spawnSync('find', [path, '-type', 'p', '-printf', 'x'], { encoding: 'utf8' }).stdout.length
}

const EVERYWHERE = 'mkfifo .gitignore .gitattributes .gitmodules sub/.gitignore sub/deep/.gitattributes'

test.each([
  ['pipes', EVERYWHERE, 5],
  ['a pipe below a name that is no text', `d=$'\\xff'; mkdir $d; echo x > $d/x; mkfifo $d/.gitignore`, 1],
  ['a pipe in a repository below', 'git init -q lib; rm lib/.git/HEAD; mkfifo lib/.git/HEAD', 1],
  [
    'a pipe for the branch of a repository below',
    'git init -qb main lib; mkfifo lib/.git/refs/heads/main; git update-index --add --cacheinfo 160000,$(git rev-parse HEAD),lib',
    1,
  ],
])('%s where git reads a file keep no checkpoint waiting', async (_, script, count) => {
  const { world, path } = await worked(script)
  await world.engine.checkpoint('fix', undefined)
  const { checkpoint } = world.engine.find('fix')!
  expect(world.user.git('cat-file', '-p', `${checkpoint!.tree}:work`)).toBe('work')
  expect(world.user.git('cat-file', '-p', `${checkpoint!.tree}:sub/deep/file`)).toBe('deep')
  expect(pipesIn(path)).toBe(count)
})

test('a merge goes through with a pipe where attributes are read', async () => {
  const { world } = await worked('mkfifo .gitattributes sub/.gitattributes')
  expect(await world.engine.command('fix', mergeRequest())).toMatchObject({ status: 'merged' })
  expect(world.user.git('show', 'main:work')).toBe('work')
})

test('a pipe in the place of an index is refused, and not waited for', async () => {
  const { world, gitDir } = await worked('true')
  rmSync(join(gitDir, 'index'))
  agentRuns(world.user, gitDir, 'mkfifo index')
  await expect(world.engine.checkpoint('fix', undefined)).rejects.toMatchObject({
    code: 'worktree-broken',
    message: expect.stringContaining('its index cannot be read'),
  })
})

test('a pipe in the place of the user’s own exclusions keeps no checkpoint waiting', async () => {
  const { world } = await worked('true')
  agentRuns(world.user, join(world.repository.commonDir, 'info'), 'rm exclude; mkfifo exclude')
  await world.engine.checkpoint('fix', undefined)
  const { checkpoint } = world.engine.find('fix')!
  expect(world.user.git('cat-file', '-p', `${checkpoint!.tree}:work`)).toBe('work')
})
