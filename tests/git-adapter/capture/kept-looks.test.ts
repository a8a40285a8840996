import fc from 'fast-check'
import { readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { apply, edit } from '../helpers/edits.js'
import { captured, contentIn, expectSeen, rested, seenAnew } from '../helpers/kept-look.js'
import { agentRuns } from '../helpers/tree.js'
import { openWorld } from '../helpers/world.js'

test('a capture that builds upon the last one takes what one takes that looks at everything', async () => {
  const world = await openWorld()
  let count = 0
  const edits = fc.array(fc.array(edit, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(edits, async (rounds) => {
      const id = `t${++count}`
      const { path } = await world.engine.create({ id })
      await world.engine.checkpoint(id, undefined)
      for (const round of rounds) {
        for (const each of round) apply(world, path, each)
        const checkpoint = await world.engine.checkpoint(id, undefined)
        expect(await seenAnew(world, id)).toEqual(contentIn(checkpoint))
      }
    }),
    { numRuns: 15 },
  )
}, 600_000)

test.each([
  ['a repository in a directory that has files', 'git init -q src; echo x > src/x'],
  ['a repository in a new directory', 'mkdir new; git init -q new/deep; echo x > new/deep/x'],
  ['a repository where there is an empty directory', 'git init -q empty'],
  [
    'a list of ignored files to carry along',
    'echo secret > .env; echo .env > .gitignore; echo .env > .worktreeinclude',
  ],
  ['a file that is not ignored any more', ': > .gitignore'],
  ['an unfinished merge', 'git merge -q --no-commit --no-ff other'],
  ['a conflict', 'git merge -q conflicting || true'],
  ['another branch', 'git switch -qc elsewhere'],
  ['a commit of what was there', 'git commit -q --allow-empty -m more'],
  ['what is staged alone', 'git add one'],
  ['the executable bit alone', 'chmod +x one'],
  ['a file in the place of a directory', 'rm -r src; echo file > src'],
  ['a link in the place of a directory', 'mv src away; ln -s away src'],
  ['nothing but deletions', 'rm -r src one'],
])('a capture that builds upon the last one sees %s', async (_, script) => {
  const kept = await captured(
    `echo ignored > .gitignore; echo i > ignored; mkdir -p src/deep empty; echo s > src/deep/s; echo one > one
    git add .gitignore src one; git commit -qm base
    git switch -qc other; echo o > o; git add o; git commit -qm o
    git switch -qc conflicting HEAD~1; echo theirs > one; git commit -qam theirs
    git switch -q coppice/fix; echo mine > one; git commit -qam mine`,
  )
  agentRuns(kept.world.user, kept.path, script)
  await rested()
  await expectSeen(kept)
})

test('a change of a file that leaves its size and its time is seen', async () => {
  const kept = await captured('echo one > one; git add one; git commit -qm one')
  const file = join(kept.path, 'one')
  const then = new Date(Date.now() - 86_400_000)
  utimesSync(file, then, then)
  await kept.world.engine.checkpoint('fix', undefined)
  writeFileSync(file, 'two\n')
  utimesSync(file, then, then)
  await expectSeen(kept)
  const checkpoint = await kept.world.engine.checkpoint('fix', undefined)
  expect(kept.world.user.git('show', `${checkpoint?.tree}:one`)).toBe('two')
})

test('a change within the very moment of the last capture is seen', async () => {
  const kept = await captured()
  for (let round = 0; round < 12; round++) {
    writeFileSync(join(kept.path, 'one'), `${round % 10}\n`)
    const checkpoint = await kept.world.engine.checkpoint('fix', undefined)
    expect(kept.world.user.git('show', `${checkpoint?.tree}:one`)).toBe(String(round % 10))
  }
})

test('a repository that was put where one was ignored before counts as soon as it is not ignored', async () => {
  const kept = await captured('echo lib/ > .gitignore; mkdir lib; echo x > lib/x')
  agentRuns(kept.world.user, kept.path, 'git init -q lib/inner; echo y > lib/inner/y; : > .gitignore')
  await rested()
  await expectSeen(kept)
  const checkpoint = await kept.world.engine.checkpoint('fix', undefined)
  expect(checkpoint?.uncaptured).toEqual(['lib/inner/'])
})

test('what git is configured to ignore counts as it is now', async () => {
  const kept = await captured('echo one > one')
  const { user } = kept.world
  writeFileSync(join(user.scratch, 'excludes'), 'one\n')
  user.git('config', 'core.excludesFile', join(user.scratch, 'excludes'))
  await expectSeen(kept)
  const checkpoint = await kept.world.engine.checkpoint('fix', undefined)
  expect(user.git('ls-tree', '--name-only', String(checkpoint?.tree))).not.toContain('one')
})

test('an index that somebody has put in the place of the one that was looked at is looked at', async () => {
  const kept = await captured('echo one > one; git add one')
  const index = join(kept.world.engine.find('fix')?.gitDir ?? '', 'index')
  const content = readFileSync(index)
  agentRuns(kept.world.user, kept.path, 'echo two > two; git add two')
  await expectSeen(kept)
  rmSync(index)
  writeFileSync(`${index}.new`, content)
  renameSync(`${index}.new`, index)
  await expectSeen(kept)
})

test('a worktree that was deleted and made again has nothing of what was seen before', async () => {
  const kept = await captured('echo one > one')
  rmSync(kept.path, { recursive: true })
  const successor = await openWorld({ user: kept.world.user, log: kept.world.log })
  await successor.engine.recover()
  await expectSeen(kept)
  expect(readFileSync(join(kept.path, 'one'), 'utf8')).toBe('one\n')
})
