import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { mergeRequest } from '../../core/helpers/requests.js'
import { makeRepository, type TestRepository } from '../../helpers/repository.js'
import { agentRuns, filesIn, gitIn } from '../helpers/tree.js'
import { openWorld, type World } from '../helpers/world.js'

const WORK = `
  printf 'hello\\nbrave\\nworld\\n' > src/greeting.txt; mkdir new; echo new > new/file; rm src/numbers.txt
  ln -s file new/link; chmod +x README.md; git add --all; git commit -qm work`

/** An engine has landed a merge in the checked-out base; the test then takes back what it had not reached. */
async function landed(work = WORK): Promise<{ world: World; base: string; commit: string }> {
  const world = await openWorld()
  const { user, engine, workspace } = world
  const { path } = await engine.create({ id: 'fix' })
  agentRuns(user, path, work)
  const base = user.git('rev-parse', 'main')
  const land = workspace.land.bind(workspace)
  workspace.land = async () => Promise.reject(new Error('killed'))
  await expect(engine.command('fix', mergeRequest({ strategy: 'ff' }))).rejects.toThrow('killed')
  workspace.land = land
  return { world, base, commit: engine.find('fix')!.merge!.prepared!.commit }
}

/** What an engine that dies in `git merge --ff-only` leaves: its mark, some of the files, a locked index. */
async function halfLanded(half: (user: TestRepository, commit: string) => void, work = WORK): Promise<World> {
  const { world, base, commit } = await landed(work)
  const { user } = world
  const move = { gitDir: join(user.path, '.git'), workTree: user.path, from: base, to: commit }
  writeFileSync(join(user.path, '.git/coppice/landing.json'), JSON.stringify(move))
  writeFileSync(join(user.path, '.git/index.lock'), '')
  half(user, commit)
  return world
}

const check = (user: TestRepository, commit: string, ...files: string[]): void =>
  void execFileSync('git', ['--work-tree=.', 'restore', `--source=${commit}`, '--worktree', '--', ...files], {
    cwd: user.path,
    env: user.env,
  })

async function expectLanded({ engine, user, problems }: World, status = ''): Promise<void> {
  await engine.recover()
  expect(problems).toEqual([])
  expect(engine.find('fix')).toMatchObject({ status: 'merged' })
  expect(user.git('status', '--porcelain')).toBe(status)
  expect(existsSync(join(user.path, '.git/coppice/landing.json'))).toBe(false)
}

describe('an engine that died while it brought the base along lands it once more, when', () => {
  test('no file was written yet', async () => {
    await expectLanded(await halfLanded(() => undefined))
  })

  test('some files were written and others not', async () => {
    await expectLanded(
      await halfLanded((user, commit) => {
        rmSync(join(user.path, '.git/index.lock'))
        check(user, commit, 'src/greeting.txt', 'new')
        rmSync(join(user.path, 'src/numbers.txt'))
        writeFileSync(join(user.path, '.git/index.lock'), '')
      }),
    )
  })

  test('a file was gone, and another written to its middle', async () => {
    await expectLanded(
      await halfLanded((user, commit) => {
        rmSync(join(user.path, '.git/index.lock'))
        check(user, commit, 'src/greeting.txt', 'new/file')
        truncateSync(join(user.path, 'src/greeting.txt'), 8)
        truncateSync(join(user.path, 'new/file'), 0)
        rmSync(join(user.path, 'README.md'))
      }),
    )
  })

  test('all was written but the branch', async () => {
    await expectLanded(
      await halfLanded((user, commit) => {
        rmSync(join(user.path, '.git/index.lock'))
        user.git('read-tree', '-m', '-u', 'HEAD', commit)
      }),
    )
  })

  test('all was done but the record', async () => {
    await expectLanded(
      await halfLanded((user, commit) => {
        rmSync(join(user.path, '.git/index.lock'))
        user.git('merge', '--quiet', '--ff-only', commit)
      }),
    )
  })

  test('the user has changed other files in between, which stay', async () => {
    const world = await halfLanded((user) => user.write('mine', 'x'))
    await expectLanded(world, '?? mine')
  })

  test('but not over what the user has made of a file in between', async () => {
    const world = await halfLanded((user) => user.write('src/greeting.txt', 'mine\n'))
    await world.engine.recover()
    expect(world.engine.find('fix')).toMatchObject({
      status: 'active',
      setback: { reason: 'checkout-in-the-way', files: ['src/greeting.txt'] },
    })
    expect(world.user.git('status', '--porcelain')).toBe('M src/greeting.txt')
    expect(world.user.read('src/greeting.txt')).toBe('mine\n')
  })
})

/** Files in the place of directories, and the other way round; `outside` leads out of the checkout. */
const KINDS = `
  rm README.md; mkdir README.md; echo new > README.md/inner; rm -r src; echo file > src
  mkdir -p deep/er; echo new > deep/er/file; git add --all; git commit -qm kinds`

describe('what has become of another kind when git is killed is put back, with', () => {
  test('files where directories were, and directories where files were', async () => {
    await expectLanded(
      await halfLanded((user, commit) => {
        rmSync(join(user.path, '.git/index.lock'))
        rmSync(join(user.path, 'README.md'))
        rmSync(join(user.path, 'src'), { recursive: true })
        check(user, commit, 'README.md', 'src', 'deep')
      }, KINDS),
    )
  })

  test('what the user has put into a new directory meanwhile, which stays', async () => {
    const world = await halfLanded((user, commit) => {
      rmSync(join(user.path, '.git/index.lock'))
      check(user, commit, 'deep')
      user.write('deep/er/mine', 'x')
    }, KINDS)
    await expectLanded(world, '?? deep/er/mine')
  })

  test('what a link of the user leads to left alone', async () => {
    const world = await halfLanded((user) => {
      rmSync(join(user.path, '.git/index.lock'))
      mkdirSync(join(user.scratch, 'outside/er'), { recursive: true })
      writeFileSync(join(user.scratch, 'outside/er/file'), 'new\n')
      symlinkSync(join(user.scratch, 'outside'), join(user.path, 'deep'))
    }, KINDS)
    await world.engine.recover()
    expect(world.engine.find('fix')).toMatchObject({ setback: { reason: 'checkout-in-the-way' } })
    expect(world.user.git('status', '--porcelain')).toBe('?? deep')
    expect(existsSync(join(world.user.scratch, 'outside/er/file'))).toBe(true)
  })
})

describe('a mark keeps nothing from landing', () => {
  test('whose checkout has been deleted', async () => {
    const { world, base, commit } = await landed()
    const { user } = world
    const gone = join(user.scratch, 'gone')
    const move = { gitDir: join(user.path, '.git/worktrees/gone'), workTree: gone, from: base, to: commit }
    writeFileSync(join(user.path, '.git/coppice/landing.json'), JSON.stringify(move))
    await expectLanded(world)
  })

  test.each(['', '{"gitDir":', '{}', 'null'])('that is damaged: %s', async (text) => {
    const { world } = await landed()
    writeFileSync(join(world.user.path, '.git/coppice/landing.json'), text)
    await expectLanded(world)
  })
})

describe('a process that looks like the git which an engine has left', () => {
  test('is waited for no longer than whoever repairs wants to', async () => {
    const world = await halfLanded(() => undefined)
    const { to } = JSON.parse(world.user.read('.git/coppice/landing.json')) as { readonly to: string }
    const process = spawn('sh', ['-c', 'sleep 60', '--ff-only', to])
    onTestFinished(() => void process.kill('SIGKILL'))
    const context = { at: new Date().toISOString(), signal: AbortSignal.timeout(1_000) }
    const repairing = world.workspace.repair({ kind: 'finish-landing' }, null, context)
    await expect(repairing).rejects.toThrow(/aborted/)
    expect(existsSync(join(world.user.path, '.git/coppice/landing.json'))).toBe(true)
  })

  test.runIf(existsSync('/proc/self/cmdline'))('is found without ps', async () => {
    const world = await halfLanded(() => undefined)
    const { user } = world
    const bin = join(user.scratch, 'bin')
    mkdirSync(bin)
    for (const program of ['git', 'sync', 'sh']) {
      const path = execFileSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim()
      symlinkSync(path, join(bin, program))
    }
    vi.stubEnv('PATH', bin)
    await expectLanded(world)
  })
})

test('where git fails in the middle of bringing the base along, what it has written is put back', async () => {
  const user = makeRepository()
  const world = await openWorld({ user })
  const { path } = await world.engine.create({ id: 'fix' })
  agentRuns(
    user,
    path,
    `${WORK}; echo 'src/greeting.txt filter=fails' > .gitattributes; echo a > 1-before; echo z > z-after
     git add --all; git commit -qm attributes; git config filter.fails.smudge false; git config filter.fails.required true`,
  )
  const before = [filesIn(user.path), gitIn(user, user.path, 'ls-files', '-s'), user.git('rev-parse', 'main')]
  const task = await world.engine.command('fix', mergeRequest())
  expect(task).toMatchObject({ status: 'active', setback: { reason: 'checkout-in-the-way' } })
  expect([
    filesIn(user.path),
    gitIn(user, user.path, 'ls-files', '-s'),
    user.git('rev-parse', 'main'),
  ]).toEqual(before)
  expect(user.git('status', '--porcelain')).toBe('')
})
