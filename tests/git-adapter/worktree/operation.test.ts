import { rmSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ABANDON, mergeRequest, PARK, RESTORE, RESUME } from '../../core/helpers/requests.js'
import { agentRuns, contentOf, gitIn } from '../helpers/tree.js'
import { openWorld, type World } from '../helpers/world.js'

/** Three commits that each add a line to a file, as patches outside of the worktree; and one that stands in their way. */
const SERIES = `
  git checkout -q -b series
  for n in one two three; do echo $n >> list; git add list; git commit -qm $n; done
  git format-patch -q -o "$HOME/patches" main
  git checkout -q coppice/fix`
const IN_THE_WAY = 'echo other > list; git add list; git commit -qm other'

/** What an agent is in the middle of, how it goes on, and what it has in the end. */
const OPERATIONS = {
  'git am': {
    begin: `${SERIES}; git branch -q -D series
      git am -q "$HOME"/patches/0001*; echo x >> list; git commit -qam x; git am -q "$HOME"/patches/000[23]* || true`,
    goOn: 'printf "one\\nx\\ntwo\\n" > list; git add list; git am --continue -q || true; git am --skip -q',
  },
  'a series of cherry-picks': {
    begin: `${SERIES}; ${IN_THE_WAY}; git cherry-pick series~3..series || true; git branch -q -D series`,
    goOn: 'git cherry-pick --abort',
  },
  'a rebase with an autostash': {
    begin: `git checkout -q -b side; echo theirs > list; git add list; git commit -qm theirs
      git checkout -q coppice/fix; ${IN_THE_WAY}; echo dirty > README.md; git rebase -q --autostash side || true`,
    goOn: 'echo both > list; git add list; GIT_EDITOR=true git rebase --continue',
  },
  'a merge that is settled and staged': {
    begin: `git checkout -q -b side; echo theirs > list; git add list; git commit -qm theirs
      git checkout -q coppice/fix; ${IN_THE_WAY}; git merge -q side || true; echo both > list; git add list`,
    goOn: 'GIT_EDITOR=true git commit -q',
  },
  'a revert': {
    begin: `echo a > list; git add list; git commit -qm a; echo b > list; git commit -qam b
      echo c > list; git commit -qam c; git revert HEAD~1 || true`,
    goOn: 'echo d > list; git add list; GIT_EDITOR=true git revert --continue',
  },
} as const

async function inTheMiddle(begin: string): Promise<{ readonly world: World; readonly path: string }> {
  const world = await openWorld()
  const { path } = await world.engine.create({ id: 'fix' })
  agentRuns(world.user, path, begin)
  return { world, path }
}

/** The history and the content that an agent comes to, in terms that do not depend on when it did. */
function outcomeOf({ user }: World, path: string): unknown {
  const parents = gitIn(user, path, 'rev-list', '--parents', 'HEAD').trim().split('\n')
  const { index, files } = contentOf(user, path)
  return {
    subjects: gitIn(user, path, 'log', '--format=%s %an'),
    families: parents.map((line) => line.split(' ').length),
    index,
    files,
  }
}

describe.each(Object.entries(OPERATIONS))('in the middle of %s', (_, { begin, goOn }) => {
  test.each([
    ['parked and resumed', PARK, RESUME],
    ['abandoned and restored', ABANDON, RESTORE],
  ])('a task that is %s goes on where it was', async (_name, leave, comeBack) => {
    const { world, path } = await inTheMiddle(begin)
    const before = contentOf(world.user, path)
    const status = gitIn(world.user, path, 'status')
    await world.engine.command('fix', leave)
    expect(world.problems).toEqual([])
    await world.engine.command('fix', comeBack)
    expect(contentOf(world.user, path)).toEqual(before)
    expect(gitIn(world.user, path, 'status')).toBe(status)
    agentRuns(world.user, path, goOn)
    const undisturbed = await inTheMiddle(begin)
    agentRuns(undisturbed.world.user, undisturbed.path, goOn)
    expect(outcomeOf(world, path)).toEqual(outcomeOf(undisturbed.world, undisturbed.path))
  })

  test('nothing is merged', async () => {
    const { world, path } = await inTheMiddle(begin)
    const before = contentOf(world.user, path)
    const task = await world.engine.command('fix', mergeRequest())
    expect(task.setback).toMatchObject({ kind: 'rejected', reason: 'worktree-unmerged' })
    expect(contentOf(world.user, path)).toEqual(before)
    expect(world.user.git('rev-list', '--count', 'main')).toBe('3')
  })

  test('a worktree that is deleted after a checkpoint comes back as it was', async () => {
    const { world, path } = await inTheMiddle(begin)
    await world.engine.checkpoint('fix', undefined)
    const before = contentOf(world.user, path)
    const status = gitIn(world.user, path, 'status')
    rmSync(path, { recursive: true })
    await world.engine.recover()
    expect(contentOf(world.user, path)).toEqual(before)
    expect(gitIn(world.user, path, 'status')).toBe(status)
  })
})

test('a worktree’s own refs are pinned before they go with it', async () => {
  const { world, path } = await inTheMiddle(
    'echo kept > kept; git add kept; git commit -qm kept; git update-ref refs/worktree/kept HEAD; git reset -q --hard HEAD~1; rm -rf "$(git rev-parse --git-dir)"/logs',
  )
  const kept = gitIn(world.user, path, 'rev-parse', 'refs/worktree/kept').trim()
  await world.engine.command('fix', PARK)
  expect(world.user.git('for-each-ref', '--contains', kept, '--format=%(refname)')).toMatch(
    /^refs\/coppice\/fix\/discarded\//,
  )
})
