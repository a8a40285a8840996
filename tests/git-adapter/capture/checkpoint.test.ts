import type { Checkpoint, CoppiceError } from '@coppice/core'
import {
  closeSync,
  existsSync,
  lstatSync,
  openSync,
  readFileSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { PARK, RESUME } from '../../core/helpers/requests.js'
import { makeRepository } from '../../helpers/repository.js'
import { agentRuns, contentOf, gitIn } from '../helpers/tree.js'
import { openWorld, typesOf, type World } from '../helpers/world.js'
import { CASES } from './cases.js'

async function edited(script: string): Promise<{ readonly world: World; readonly path: string }> {
  const world = await openWorld()
  const { path } = await world.engine.create({ id: 'fix' })
  agentRuns(world.user, path, script)
  return { world, path }
}

const UNDISTURBED = [
  'a change that is staged and another that is not',
  'edits within the same second',
  'line ends that were converted when the file was checked out',
  'a merge with conflicts',
  'a detached HEAD',
  'a branch without a commit, its index full',
  'files that are only announced to the index',
  'an edit that git was told to assume away',
  'an edit that git was told to skip',
  'an index in two files',
  'no index',
]

const show = ({ user }: World, object: string): string => user.git('cat-file', '-p', object)

describe('a checkpoint', () => {
  test('is one commit with the files as its tree, HEAD as its first parent and the index as its second', async () => {
    const { world, path } = await edited(
      'git commit -qm c --allow-empty; echo s > s; git add s; echo u > s; echo x > n',
    )
    const { user, engine } = world
    const head = gitIn(user, path, 'rev-parse', 'HEAD').trim()
    const taken = (await engine.checkpoint('fix', 'half way'))!
    expect(user.git('rev-parse', taken.ref)).toBe(taken.commit)
    expect(user.git('log', '-1', '--format=%an <%ae> %cn %s', taken.ref)).toBe(
      'Coppice <coppice@localhost> Coppice half way',
    )
    expect([show(world, `${taken.commit}:s`), show(world, `${taken.commit}:n`)]).toEqual(['u', 'x'])
    expect(
      user.git('rev-parse', `${taken.commit}^1`, `${taken.commit}^{tree}`, `${taken.commit}^2^{tree}`),
    ).toBe([head, taken.tree, taken.index].join('\n'))
  })

  test('of a worktree with nothing but commits is HEAD itself', async () => {
    const { world } = await edited('echo x > x; git add x; git commit -qm x')
    const taken = (await world.engine.checkpoint('fix', undefined))!
    expect(taken.commit).toBe(taken.head)
    expect(world.user.git('rev-parse', 'coppice/fix')).toBe(taken.head)
  })

  test('keeps what an index names that no tree can: every side of a conflict and what was staged beside it', async () => {
    const { world, path } = await edited(CASES['a merge with conflicts']!)
    const named = gitIn(world.user, path, 'ls-files', '-s')
      .split('\n')
      .map((line) => line.split(' ')[1])
    const taken = (await world.engine.checkpoint('fix', undefined))!
    expect(taken.rawIndex).not.toBeNull()
    const reached = world.user.git('rev-list', '--objects', taken.ref)
    for (const object of named.filter((each) => each !== undefined)) expect(reached).toContain(object)
  })

  test.each(UNDISTURBED.map((name) => [name, CASES[name]!] as const))(
    'leaves HEAD, the index, the stash, the refs and the files alone: %s',
    async (_, script) => {
      const { world, path } = await edited(script)
      const { gitDir } = world.engine.find('fix')!
      const bytes = (name: string): string | null =>
        existsSync(join(gitDir!, name)) ? readFileSync(join(gitDir!, name), 'base64') : null
      const before = [
        bytes('index'),
        bytes('HEAD'),
        contentOf(world.user, path),
        refsOf(world),
        lstatSync(path).mtimeMs,
      ]
      await world.engine.checkpoint('fix', undefined)
      const after = [
        bytes('index'),
        bytes('HEAD'),
        contentOf(world.user, path),
        refsOf(world),
        lstatSync(path).mtimeMs,
      ]
      expect(after).toEqual(before)
    },
  )

  test('is taken again only when something has changed', async () => {
    const { world, path } = await edited(`${CASES['a merge with conflicts']}; git add -N untracked`)
    const first = await world.engine.checkpoint('fix', undefined)
    agentRuns(world.user, path, 'git status; git update-index --refresh || true; touch README.md')
    expect(await world.engine.checkpoint('fix', undefined)).toEqual(first)
    expect((await typesOf(world)).filter((type) => type === 'checkpoint.taken')).toHaveLength(1)
    writeFileSync(join(path, 'untracked'), 'changed')
    expect(await world.engine.checkpoint('fix', undefined)).toMatchObject({ number: 2 })
  })

  test.each([
    ['HEAD alone', 'git commit -q --allow-empty -m e'],
    ['the branch alone', 'git checkout -q --detach'],
    ['the index alone', 'git rm -q --cached README.md'],
    ['a mode alone', 'chmod +x README.md'],
    [
      'a file of the same size and times',
      'touch -r README.md ../t; printf "# A PROJECT\\n" > README.md; touch -r ../t README.md',
    ],
  ])('is taken when %s has changed', async (_, script) => {
    const { world, path } = await edited('git status')
    // There is nothing to pin in a worktree that is as it was made.
    expect(await world.engine.checkpoint('fix', undefined)).toBeNull()
    agentRuns(world.user, path, script)
    expect(await world.engine.checkpoint('fix', undefined)).toMatchObject({ number: 1 })
  })

  test('takes over a pin whose record was lost, and leaves any other where it is', async () => {
    const { world } = await edited('echo x > x')
    const stray = world.user.git('rev-parse', 'HEAD~1')
    world.user.git('update-ref', 'refs/coppice/fix/checkpoints/1', stray)
    expect(await world.engine.checkpoint('fix', undefined)).toMatchObject({ number: 2 })
    expect(world.user.git('rev-parse', 'refs/coppice/fix/checkpoints/1')).toBe(stray)
  })

  test('gets past a lock on its pin that a killed git left', async () => {
    const { world } = await edited('echo x > x')
    const lock = join(world.user.path, '.git/refs/coppice/fix/checkpoints/1.lock')
    agentRuns(world.user, world.user.path, `mkdir -p .git/refs/coppice/fix/checkpoints; : > '${lock}'`)
    const past = Date.now() / 1000 - 60
    utimesSync(lock, past, past)
    expect(await world.engine.checkpoint('fix', undefined)).toMatchObject({ number: 1 })
    expect(existsSync(lock)).toBe(false)
  })

  test('is refused, naming the trouble, where HEAD or the index is not what git writes', async () => {
    for (const [file, content] of [
      ['HEAD', 'ref: ../../x'],
      ['index', 'DIRC'],
      ['HEAD', '1'.repeat(40)],
    ] as const) {
      const { world } = await edited(':')
      writeFileSync(join(world.engine.find('fix')!.gitDir!, file), content)
      await expect(world.engine.checkpoint('fix', undefined)).rejects.toMatchObject({
        code: 'worktree-broken',
      })
    }
  })
})

describe('what a checkpoint leaves out:', () => {
  test('ignored files are no work; they go with the worktree', async () => {
    const { world, path } = await edited(
      'echo "*.log" > .gitignore; echo noise > build.log; echo kept > keep.txt',
    )
    const taken = (await world.engine.checkpoint('fix', undefined))!
    expect(world.user.git('ls-tree', '--name-only', taken.tree).split('\n')).toEqual([
      '.gitignore',
      'README.md',
      'keep.txt',
      'src',
    ])
    await world.engine.command('fix', PARK)
    await world.engine.command('fix', RESUME)
    expect(existsSync(join(path, 'build.log'))).toBe(false)
  })

  test('an ignored file that git tracks is work', async () => {
    const { world } = await edited(
      'echo "*.log" > .gitignore; echo 1 > a.log; git add -f a.log; echo 2 > a.log',
    )
    const taken = (await world.engine.checkpoint('fix', undefined))!
    expect(show(world, `${taken.tree}:a.log`)).toBe('2')
  })

  test('what the user’s own exclude file and configuration ignore is ignored here too', async () => {
    const user = makeRepository()
    user.write('.git/info/exclude', 'secret\n')
    writeFileSync(join(user.scratch, 'ignore'), 'private\n')
    writeFileSync(join(user.scratch, 'config'), `[core]\n\texcludesFile = ${join(user.scratch, 'ignore')}\n`)
    const world = await openWorld({
      user: { ...user, env: { ...user.env, GIT_CONFIG_GLOBAL: '', HOME: user.scratch } },
    })
    const { path } = await world.engine.create({ id: 'fix' })
    agentRuns(user, path, 'echo 1 > secret; echo 2 > open')
    const taken = (await world.engine.checkpoint('fix', undefined))!
    expect(user.git('ls-tree', '--name-only', taken.tree)).not.toContain('secret')
    expect(user.git('ls-tree', '--name-only', taken.tree)).toContain('open')
  })

  test('a sparse checkout is whole in it, and comes back whole', async () => {
    const { world, path } = await edited('git sparse-checkout set --sparse-index src; echo x > src/new')
    const taken = (await world.engine.checkpoint('fix', undefined))!
    expect(world.user.git('ls-tree', '-r', '--name-only', taken.tree).split('\n')).toEqual([
      'README.md',
      'src/greeting.txt',
      'src/new',
      'src/numbers.txt',
    ])
    await world.engine.command('fix', PARK)
    await world.engine.command('fix', RESUME)
    expect(gitIn(world.user, path, 'status', '--porcelain')).toBe('?? src/new\n')
  })
})

test('a file that is being written while it is captured is captured whole, or the worktree is called restless', async () => {
  const { world, path } = await edited(':')
  const file = openSync(join(path, 'big'), 'w')
  let turn = 1_000
  const write = (): number => writeSync(file, `${++turn} ${'x'.repeat(200_000)} ${turn}`, 0)
  write()
  const writer = setInterval(write, 1)
  try {
    for (let look = 0; look < 5; look++) {
      const taken = await world.engine.checkpoint('fix', undefined).catch((error: CoppiceError) => error.code)
      if (taken === 'worktree-restless') continue
      const [first, , last] = show(world, `${(taken as Checkpoint).tree}:big`).split(' ')
      expect(first).toBe(last)
    }
  } finally {
    clearInterval(writer)
    closeSync(file)
  }
  const rested = await world.engine.checkpoint('fix', undefined)
  expect(show(world, `${rested!.tree}:big`)).toBe(readFileSync(join(path, 'big'), 'utf8'))
})

function refsOf({ user }: World): string[] {
  return user
    .git('for-each-ref')
    .split('\n')
    .filter((line) => !line.includes('refs/coppice/'))
}
