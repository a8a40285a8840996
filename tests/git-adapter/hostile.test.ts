import { WorktreeBrokenError } from '@coppice/git-adapter'
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ABANDON, mergeRequest, PARK, RESTORE, RESUME } from '../core/helpers/requests.js'
import { makeRepository } from '../helpers/repository.js'
import { agentRuns, filesIn } from './helpers/tree.js'
import { openWorld, type World } from './helpers/world.js'

/**
 * What an agent can plant in its worktree, in the worktree's own git directory and, being the same user, in the
 * repository's configuration. Each would have git run the canary, which leaves a file behind.
 */
const TRAPS: Readonly<Record<string, string>> = {
  hooks: `
    for hook in pre-commit post-checkout post-commit post-index-change reference-transaction post-merge pre-merge-commit post-rewrite; do
      install -m 755 "$canary" "$common/hooks/$hook"; done
    mkdir mine; for hook in "$common"/hooks/*; do cp "$hook" mine; done; git config core.hooksPath "$PWD/mine"`,
  'a file system monitor': 'git config core.fsmonitor "$canary"; git update-index --fsmonitor || true',
  'a file system monitor in a configuration of the worktree’s own': `
    git config extensions.worktreeConfig true; git config --worktree core.fsmonitor "$canary"`,
  'filters in a configuration of the worktree’s own': `
    git config extensions.worktreeConfig true
    for way in clean smudge process; do git config --worktree filter.evil.$way "$canary"; done
    echo '* filter=evil' > .gitattributes`,
  'diff and merge drivers, a text conversion and an external diff': `
    git config merge.evil.driver "$canary"; git config diff.evil.textconv "$canary"; git config diff.evil.command "$canary"
    git config diff.external "$canary"; echo '* diff=evil merge=evil' > .gitattributes`,
  'an editor, a pager, a signing program, a credential helper and a remote that are commands': `
    for key in core.editor core.pager sequence.editor gpg.program core.sshCommand credential.helper pager.diff; do git config $key "$canary"; done
    git config commit.gpgSign true; git config tag.gpgSign true; git config log.showSignature true
    git config remote.origin.url "ext::$canary"`,
  'a work tree that is elsewhere':
    'git config extensions.worktreeConfig true; git config --worktree core.worktree "$victim"',
  'a .git file that names a git directory of its own': `
    git init -q --bare "$victim/evil.git"; git --git-dir="$victim/evil.git" config core.fsmonitor "$canary"
    git --git-dir="$victim/evil.git" config core.worktree "$victim"; echo "gitdir: $victim/evil.git" > .git`,
  'attributes for everything': `
    printf '* filter=lfs diff=lfs merge=ours -text ident export-subst working-tree-encoding=UTF-16\\n' > .gitattributes
    printf '[attr]binary -diff\\n' >> .gitattributes`,
}

async function trapped(
  trap: string,
): Promise<{ world: World; path: string; canary: string; victim: string }> {
  const user = makeRepository()
  const victim = join(user.scratch, 'victim')
  mkdirSync(victim)
  writeFileSync(join(victim, 'precious'), 'x')
  const canary = join(user.scratch, 'canary')
  writeFileSync(canary, `#!/bin/sh\necho "$0 $@" >> '${user.scratch}/sung'\ncat\n`, { mode: 0o755 })
  const world = await openWorld({ user })
  const { path } = await world.engine.create({ id: 'fix' })
  agentRuns(
    user,
    path,
    'echo more >> README.md; git add --all; git commit -qm honest; echo s > staged; git add staged; echo u > untracked',
  )
  user.commit('elsewhere', 'x')
  agentRuns(
    user,
    path,
    `canary='${canary}'; victim='${victim}'; common=$(git rev-parse --git-common-dir); ${trap}`,
  )
  // What git runs while the trap is laid is the agent's own doing.
  rmSync(join(user.scratch, 'sung'), { force: true })
  return { world, path, canary, victim }
}

/** A worktree that does not name its git directory any more is not read at all. */
async function unlessBroken(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof WorktreeBrokenError)) throw error
  })
}

describe('nothing runs that an agent has planted:', () => {
  test.each(Object.entries(TRAPS))('%s', async (_, trap) => {
    const { world, victim } = await trapped(trap)
    const { user, engine, workspace } = world
    const before = filesIn(victim)
    const quiet = (): void => {
      expect(
        existsSync(join(user.scratch, 'sung')) ? readFileSync(join(user.scratch, 'sung'), 'utf8') : '',
      ).toBe('')
      expect(filesIn(victim)).toEqual(before)
    }
    await unlessBroken(engine.checkpoint('fix', undefined))
    quiet()
    await unlessBroken(workspace.diff(engine.find('fix')!, { color: false, stat: false }))
    quiet()
    await engine.command('fix', PARK)
    quiet()
    if (engine.find('fix')?.worktree !== 'absent') return
    await engine.command('fix', RESUME)
    quiet()
    await engine.command('fix', ABANDON)
    quiet()
    await engine.command('fix', RESTORE)
    quiet()
    await engine.command('fix', mergeRequest({ strategy: 'rebase', into: 'side' }))
    await engine.command('fix', mergeRequest({ strategy: 'merge', verify: ['true'] }))
    quiet()
  })

  test('a worktree that claims another git directory is not taken away, and what it names is left alone', async () => {
    const { world, path, victim } = await trapped(TRAPS['a .git file that names a git directory of its own']!)
    const before = filesIn(victim)
    await world.engine.command('fix', ABANDON)
    expect(world.problems).toMatchObject([
      { effect: 'remove', error: { reason: { code: 'worktree-broken' } } },
    ])
    expect(existsSync(path)).toBe(true)
    expect(filesIn(victim)).toEqual(before)
  })
})

describe('a filter that is configured for the whole repository', () => {
  const shout = async (): Promise<{ world: World; path: string }> => {
    const user = makeRepository()
    user.git('config', 'filter.shout.clean', 'tr A-Z a-z')
    user.git('config', 'filter.shout.smudge', 'tr a-z A-Z')
    user.write('.gitattributes', '*.loud filter=shout\n')
    user.commit('a.loud', 'loud\n')
    const world = await openWorld({ user })
    return { world, path: (await world.engine.create({ id: 'fix' })).path }
  }

  test('is the user’s way to check files out, and does so when a task is made and when it comes back', async () => {
    const { world, path } = await shout()
    expect(readFileSync(join(path, 'a.loud'), 'utf8')).toBe('LOUD\n')
    agentRuns(
      world.user,
      path,
      'echo STAGED > b.loud; git add b.loud; echo EDITED >> a.loud; echo NEW > c.loud',
    )
    const before = filesIn(path)
    await world.engine.command('fix', PARK)
    await world.engine.command('fix', RESUME)
    expect(filesIn(path)).toEqual(before)
  })

  test('is not run on what an agent has not committed, so such a merge is refused and names the files', async () => {
    const { world, path } = await shout()
    agentRuns(world.user, path, 'echo EDITED > a.loud; echo fine > fine')
    const task = await world.engine.command('fix', mergeRequest())
    expect(task).toMatchObject({ status: 'active', setback: { reason: 'error', files: ['a.loud'] } })
    agentRuns(world.user, path, 'git add -A; git commit -qm edited')
    expect(await world.engine.command('fix', mergeRequest())).toMatchObject({ status: 'merged' })
    expect(world.user.git('cat-file', '-p', 'main:a.loud')).toBe('edited')
  })
})

test('what a verify command makes of its own .git file costs nobody anything', async () => {
  const world = await openWorld()
  const { user, engine } = world
  user.git('worktree', 'add', '--quiet', '-b', 'mine', join(user.scratch, 'mine'))
  const { path } = await engine.create({ id: 'fix' })
  writeFileSync(join(path, 'x'), 'x')
  const script = `echo 'gitdir: ${user.path}/.git/worktrees/mine' > .git; exit 1`
  await engine.command('fix', mergeRequest({ verify: ['sh', '-c', script] }))
  expect(existsSync(join(user.path, '.git/worktrees/mine/HEAD'))).toBe(true)
  expect(user.git('worktree', 'list')).toContain('[mine]')
  expect(user.git('worktree', 'list').split('\n')).toHaveLength(3)
})

test('a link that an agent puts where a directory was is not written through when a task comes back', async () => {
  const world = await openWorld()
  const { user, engine } = world
  const outside = join(user.scratch, 'outside')
  mkdirSync(outside)
  const { path } = await engine.create({ id: 'fix' })
  rmSync(join(path, 'src'), { recursive: true })
  symlinkSync(outside, join(path, 'src'))
  agentRuns(
    user,
    path,
    'git add -A; git commit -qm link; git rm -q --cached src; echo x > ../../outside/seen',
  )
  await engine.command('fix', PARK)
  await engine.command('fix', RESUME)
  expect(filesIn(outside)).toEqual({ seen: 'file - x\n' })
})
