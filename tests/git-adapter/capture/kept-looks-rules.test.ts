import { utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { mergeRequest } from '../../core/helpers/requests.js'
import { captured, expectSeen, rested } from '../helpers/kept-look.js'
import { agentRuns } from '../helpers/tree.js'
import { openWorld } from '../helpers/world.js'

const DAMAGED = 'mkdir -p lib/inner/.git; echo x > lib/inner/x; echo h > lib/inner/.git/history'

test.each([
  ['ignored now', 'mkdir nm; echo s > .env; echo x > nm/x', 'printf ".env\\nnm/\\n" > .gitignore'],
  ['ignored by its own directory now', 'mkdir c; echo x > c/x', 'echo "*" > c/.gitignore'],
  [
    'ignored by info/exclude now',
    'echo s > .env',
    'echo .env > "$(git rev-parse --git-common-dir)/info/exclude"',
  ],
  ['a damaged repository, not ignored any more', `echo lib/ > .gitignore; ${DAMAGED}`, ': > .gitignore'],
  [
    'a directory with a .git file, not ignored any more',
    'echo lib/ > .gitignore; mkdir -p lib/i; echo x > lib/i/.git',
    ': > .gitignore',
  ],
  ['a copy in the place of a directory', 'mkdir d; echo 1 > d/x', 'cp -a d e; rm -r d; mv e d; echo 2 > d/x'],
  ['a link that leads out', 'mkdir d; echo 1 > d/x', 'mv d ../outside; ln -s ../outside d'],
  ['a link to itself', 'mkdir d; echo 1 > d/x', 'rm -r d; ln -s d d'],
  ['a pipe', 'echo 1 > x', 'rm x; mkfifo x'],
  [
    'a file that git is to skip',
    'echo 1 > x; git add x; git commit -qm x',
    'git update-index --skip-worktree x; echo 2 > x',
  ],
  ['a split index', 'git update-index --split-index; echo 1 > x', 'echo 2 > y; git add y'],
  [
    'other line ends',
    'printf "a\\r\\n" > x; git add x; git commit -qm x',
    'echo "* text eol=lf" > .gitattributes; git add --renormalize .',
  ],
  [
    'a submodule',
    'echo 1 > x',
    'git init -q sub; git -C sub -c user.name=a -c user.email=a@b commit -q --allow-empty -m i; git add sub',
  ],
])('a capture that builds upon the last one sees %s', async (_, first, second) => {
  const kept = await captured(first)
  agentRuns(kept.world.user, kept.path, second)
  await rested()
  await expectSeen(kept)
})

test('what is ignored since a checkpoint does not land on the base', async () => {
  const { world, path } = await captured('echo secret > .env; mkdir nm; echo x > nm/x; echo code > code')
  agentRuns(world.user, path, 'printf ".env\\nnm/\\n" > .gitignore')
  await rested()
  await world.engine.command('fix', mergeRequest())
  const landed = world.user.git('ls-tree', '-r', '--name-only', 'main').split('\n')
  expect(landed).toContain('code')
  expect(landed).not.toContain('.env')
  expect(landed).not.toContain('nm/x')
})

test('a file whose size and times were put back within the second of the last capture is seen', async () => {
  const world = await openWorld()
  const { path } = await world.engine.create({ id: 'fix' })
  const file = join(path, 'package.json')
  const then = new Date(499_162_500_000)
  for (const content of ['one\n', 'two\n', 'six\n']) {
    writeFileSync(file, content)
    utimesSync(file, then, then)
    await rested()
    const checkpoint = await world.engine.checkpoint('fix', undefined)
    expect(`${world.user.git('show', `${checkpoint?.tree}:package.json`)}\n`).toBe(content)
  }
})

test('a capture goes on where what the last one had taken was deleted and collected', async () => {
  const { world, path } = await captured()
  const { user, engine } = world
  const refs = user.git('for-each-ref', '--format=%(refname)', 'refs/coppice').split('\n')
  for (const ref of refs) user.git('update-ref', '-d', ref)
  user.git('reflog', 'expire', '--expire=now', '--all')
  user.git('gc', '--quiet', '--prune=now')
  agentRuns(user, path, 'echo two > two')
  const checkpoint = await engine.checkpoint('fix', undefined)
  expect(user.git('show', `${checkpoint?.tree}:one`)).toBe('one')
  expect(user.git('show', `${checkpoint?.tree}:two`)).toBe('two')
})
