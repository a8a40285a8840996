import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { ABANDON, PARK } from '../../core/helpers/requests.js'
import { listing } from '../../helpers/listing.js'
import { debrisOf } from '../helpers/debris.js'
import { fakeGit } from '../helpers/fake-git.js'
import { editedTask, type Edited } from '../helpers/edited.js'
import { gitIn } from '../helpers/tree.js'

describe('a removal', () => {
  test('touches nothing before everything is pinned and the pin is durable in the log', async () => {
    const { world, task } = await editedTask()
    const seen: [string, boolean, boolean][] = []
    world.engine.listeners.on('fact', ({ type }) => {
      const pinned = world.user.git('for-each-ref', 'refs/coppice/fix/checkpoints/') !== ''
      seen.push([type, pinned, existsSync(join(task.path, 'u')) && existsSync(task.gitDir!)])
    })
    await world.engine.command('fix', ABANDON)
    expect(seen).toEqual([
      ['task.abandoned', false, true],
      ['checkpoint.taken', true, true],
      ['worktree.removed', true, false],
    ])
  })

  test('leaves a pin from which plain git reaches every commit, staged file and untracked file', async () => {
    const { world, task } = await editedTask()
    const head = gitIn(world.user, task.path, 'rev-parse', 'HEAD').trim()
    await world.engine.command('fix', ABANDON)
    world.user.git('reflog', 'expire', '--expire=now', '--all')
    world.user.git('gc', '--quiet', '--prune=now')
    expect(world.user.git('fsck', '--strict', '--no-dangling')).toBe('')
    const { checkpoint } = world.engine.find('fix')!
    const has = (revision: string): string => world.user.git('cat-file', '-p', revision)
    expect([has(`${head}:c`), has(`${checkpoint!.index}:s`), has(`${checkpoint!.tree}:u`)]).toEqual([
      'c',
      's',
      'u',
    ])
    expect(debrisOf(world)).toEqual([])
  })

  test('pins commits that only the branch names, while HEAD is elsewhere', async () => {
    const { world } = await editedTask(
      'echo c > c; git add c; git commit -qm c; git checkout -q --detach HEAD~1',
    )
    const tip = world.user.git('rev-parse', 'coppice/fix')
    await world.engine.command('fix', ABANDON)
    world.user.git('reflog', 'expire', '--expire=now', '--all')
    world.user.git('gc', '--quiet', '--prune=now')
    expect(world.user.git('cat-file', '-t', tip)).toBe('commit')
  })

  test('follows no symbolic link out of the worktree', async () => {
    const { world, task } = await editedTask(':')
    const outside = join(world.user.scratch, 'node_modules')
    mkdirSync(join(outside, 'deep'), { recursive: true })
    writeFileSync(join(outside, 'deep/file'), 'precious')
    symlinkSync(outside, join(task.path, 'node_modules'))
    symlinkSync(outside, join(task.path, 'src/link'))
    await world.engine.command('fix', ABANDON)
    expect(readFileSync(join(outside, 'deep/file'), 'utf8')).toBe('precious')
    expect(existsSync(task.path)).toBe(false)
  })

  test('takes read-only directories and files away too', async () => {
    const { world, task } = await editedTask('mkdir -p ro/deep; echo x > ro/deep/x; chmod 444 ro/deep/x')
    chmodSync(join(task.path, 'ro/deep'), 0o555)
    chmodSync(join(task.path, 'ro'), 0o555)
    await world.engine.command('fix', ABANDON)
    expect([world.problems, debrisOf(world)]).toEqual([[], []])
  })

  test('keeps what is written until the very moment at which the worktree goes', async () => {
    const { world, task } = await editedTask()
    await world.engine.checkpoint('fix', undefined)
    // The last that git is asked is what the worktree holds; an agent writes just before it answers.
    const script = `case "$*" in *ls-files*) test -e '${task.path}' && date +%N > '${task.path}/late';; esac; exec git "$@"`
    vi.stubEnv('PATH', fakeGit(world.user.scratch, script))
    await world.engine.command('fix', ABANDON)
    vi.stubEnv('PATH', world.user.env['PATH'])
    expect(world.problems).toMatchObject([{ error: { code: 'worktree-restless' } }])
    expect(existsSync(join(task.path, 'late'))).toBe(true)
    await world.engine.recover()
    expect(existsSync(task.path)).toBe(false)
    expect(world.user.git('ls-tree', '--name-only', world.engine.find('fix')!.checkpoint!.tree)).toContain(
      'late',
    )
  })

  test('of one task leaves other tasks, and worktrees and branches of the user’s, alone', async () => {
    const { world } = await editedTask()
    const { user, engine } = world
    user.git('worktree', 'add', '--quiet', '-b', 'coppice/mine', join(user.scratch, 'repo.worktrees/mine'))
    user.git('worktree', 'add', '--quiet', '-b', 'other', join(user.scratch, 'other'))
    const { path } = await engine.create({ id: 'fix-2' })
    await engine.create({ id: 'fi' })
    const before = [listing(path), user.git('worktree', 'list').split('\n').length]
    await engine.command('fix', ABANDON)
    expect([listing(path), user.git('worktree', 'list').split('\n').length + 1]).toEqual(before)
    expect(user.git('branch', '--format=%(refname:short)').split('\n')).toEqual([
      'coppice/fi',
      'coppice/fix-2',
      'coppice/mine',
      'main',
      'other',
    ])
  })
})

describe('a removal waits, touching nothing and saying why, when', () => {
  const expectRefused = async ({ world, task }: Edited, code: string, message: RegExp): Promise<void> => {
    const before = listing(world.user.scratch)
    await world.engine.command('fix', PARK)
    const reason = { code, message: expect.stringMatching(message) as string }
    expect(world.problems).toEqual([
      {
        task: 'fix',
        effect: 'remove',
        error: expect.objectContaining({ code: 'effect-deferred', reason }) as Error,
      },
    ])
    const after = listing(world.user.scratch)
    for (const [name, content] of Object.entries(before)) expect([name, after[name]]).toEqual([name, content])
    expect(world.engine.find('fix')).toMatchObject({ status: 'parked', worktree: 'present', path: task.path })
  }

  test('the worktree was swapped for a symbolic link', async () => {
    const found = await editedTask()
    const { task, world } = found
    renameSync(task.path, join(world.user.scratch, 'aside'))
    symlinkSync(join(world.user.scratch, 'aside'), task.path)
    await expectRefused(found, 'worktree-broken', /no directory any more/)
  })

  test.each([
    [
      'names another git directory',
      (path: string) => writeFileSync(join(path, '.git'), 'gitdir: /tmp/elsewhere\n'),
    ],
    ['is gone', (path: string) => rmSync(join(path, '.git'))],
    [
      'is a link',
      (path: string) => (
        renameSync(join(path, '.git'), join(path, 'g')),
        symlinkSync('g', join(path, '.git'))
      ),
    ],
    ['is a directory', (path: string) => (rmSync(join(path, '.git')), mkdirSync(join(path, '.git')))],
  ])('the .git file %s', async (_, change) => {
    const found = await editedTask()
    change(found.task.path)
    await expectRefused(found, 'worktree-broken', /\.git file was changed/)
  })

  test('the git directory was moved to another place, or to another task', async () => {
    const moved = await editedTask()
    writeFileSync(join(moved.task.gitDir!, 'gitdir'), '/elsewhere/.git\n')
    await expectRefused(moved, 'worktree-broken', /belongs to another place/)
    const marked = await editedTask()
    writeFileSync(join(marked.task.gitDir!, 'coppice-task'), 'other\n')
    await expectRefused(marked, 'worktree-broken', /not the one that was made/)
  })

  test('the worktree is locked', async () => {
    const found = await editedTask('echo x > x')
    found.world.user.git('worktree', 'lock', '--reason', 'on a stick', found.task.path)
    await expectRefused(found, 'worktree-locked', /on a stick/)
  })

  test.each([
    [
      'a nested repository',
      'git init -q vendor/lib; cd vendor/lib; git commit -q --allow-empty -m x',
      /vendor\/lib/,
    ],
    ['a nested repository without a commit', 'git init -q lib', /lib/],
    [
      'a nested repository that is staged as a submodule would be',
      'git init -q lib; git -C lib commit -q --allow-empty -m x; git add lib',
      /lib/,
    ],
    [
      'a repository in a directory of tracked files',
      'git init -q src; git -C src commit -q --allow-empty -m x',
      /src/,
    ],
    [
      'a populated submodule',
      'git -c protocol.file.allow=always submodule --quiet add "$(git rev-parse --git-common-dir)/.." sub',
      /sub/,
    ],
    ['a linked worktree within', 'git worktree add -q inner -b inner', /inner/],
  ])('it holds %s', async (_, script, name) => {
    const user = 'git() { command git -c user.name=x -c user.email=x@example.invalid "$@"; };'
    await expectRefused(await editedTask(`${user} ${script}`), 'uncaptured', name)
  })

  test('the branch is checked out elsewhere', async () => {
    const { world, task } = await editedTask('git checkout -q --detach; echo x > x')
    const elsewhere = join(world.user.scratch, 'elsewhere')
    world.user.git('worktree', 'add', '--quiet', elsewhere, 'coppice/fix')
    await world.engine.command('fix', ABANDON)
    expect(world.problems).toMatchObject([{ error: { reason: { code: 'branch-in-use' } } }])
    expect(world.user.git('branch', '--list', 'coppice/fix')).toContain('coppice/fix')
    expect(existsSync(task.path)).toBe(false)
    world.user.git('worktree', 'remove', elsewhere)
    await world.engine.recover()
    expect(world.engine.find('fix')).toMatchObject({ worktree: 'absent' })
    expect(world.user.git('branch', '--list', 'coppice/*')).toBe('')
  })
})

test('a branch that was moved after the last checkpoint is pinned where it is before it goes', async () => {
  const { world } = await editedTask()
  await world.engine.command('fix', PARK)
  const other = world.user.git('commit-tree', 'HEAD^{tree}', '-m', 'by hand')
  world.user.git('branch', '--force', 'coppice/fix', other)
  await world.engine.command('fix', ABANDON)
  expect(world.user.git('for-each-ref', '--contains', other, '--format=%(refname)')).toBe(
    `refs/coppice/fix/tips/${other}`,
  )
})
