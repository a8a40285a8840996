import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeRepository } from '../../helpers/repository.js'
import { eventually } from '../../helpers/eventually.js'
import { mergeRequest } from '../../core/helpers/requests.js'
import { isRunning } from '../helpers/processes.js'
import { readyToMerge, TWO_COMMITS } from '../helpers/merging.js'
import { gitIn } from '../helpers/tree.js'
import { debrisOf } from '../helpers/debris.js'

describe('work that was not committed is merged as git would commit it:', () => {
  const attributes =
    "printf '* text=auto\\n*.bat eol=crlf\\n*.bin -text\\n' > .gitattributes; git add -A; git commit -qm attributes"

  test('with line ends normalised as attributes want, committed or not, and untouched where they do not', async () => {
    const { world, merge } = await readyToMerge(`${attributes}
      printf 'a\\r\\nb\\r\\n' > text; printf 'a\\r\\nb\\r\\n' > x.bin; printf 'a\\nb\\n' > x.bat; git add x.bat
      printf 'a\\r\\nc\\r\\n' > x.bat; printf '*.u text\\n' >> .gitattributes; printf 'a\\r\\n' > y.u`)
    await merge()
    const blobs = ['text', 'x.bin', 'x.bat', 'y.u'].map((file) =>
      gitIn(world.user, world.user.path, 'cat-file', 'blob', `main:${file}`),
    )
    expect(blobs).toEqual(['a\nb\n', 'a\r\nb\r\n', 'a\nc\n', 'a\n'])
    expect(world.user.git('status', '--porcelain')).toBe('')
    expect(readFileSync(join(world.user.path, 'x.bat'), 'utf8')).toBe('a\r\nc\r\n')
  })

  test('with line ends normalised where the configuration says so', async () => {
    const user = makeRepository()
    user.git('config', 'core.autocrlf', 'input')
    const { world, merge } = await readyToMerge("printf 'a\\r\\n' > text", { user })
    await merge()
    expect(gitIn(world.user, world.user.path, 'cat-file', 'blob', 'main:text')).toBe('a\n')
  })

  test('and files that were converted when they were checked out are no changes', async () => {
    const user = makeRepository()
    user.write('.gitattributes', '*.txt eol=crlf\n')
    user.commit('a.txt', 'a\nb\n')
    const before = user.git('rev-parse', 'main')
    const { merge, path } = await readyToMerge(':', { user })
    expect(readFileSync(join(path, 'a.txt'), 'utf8')).toBe('a\r\nb\r\n')
    expect(await merge()).toMatchObject({ status: 'merged', landing: { commit: before } })
  })

  test('with directories, links and deletions in each other’s places', async () => {
    const { world, merge } = await readyToMerge(`${attributes}
      rm -r src; echo now a file > src; mkdir d; echo x > d/x; git add -A; git commit -qm c; rm -r d; ln -s src d; rm src; mkdir src; printf 'x\\r\\n' > src/y`)
    await merge()
    expect(world.user.git('ls-tree', '-r', '--format=%(objectmode) %(path)', 'main').split('\n')).toEqual([
      '100644 .gitattributes',
      '100644 README.md',
      '120000 d',
      '100644 src/y',
    ])
  })
})

describe('a merge', () => {
  test('lands on another branch that is named, and leaves the checked-out one alone', async () => {
    const { world, merge } = await readyToMerge(TWO_COMMITS)
    const { user } = world
    user.git('branch', 'release')
    const before = user.git('rev-parse', 'main')
    expect(await merge({ into: 'release' })).toMatchObject({ landing: { into: 'release' } })
    expect(user.git('cat-file', '-p', 'release:new/two')).toBe('two')
    expect([user.git('rev-parse', 'main'), user.git('status', '--porcelain')]).toEqual([before, ''])
  })

  test('carries the message that is given, else tells the task by its title', async () => {
    const one = await readyToMerge(TWO_COMMITS)
    await one.merge({ strategy: 'squash', message: 'All of it\n\nin one' })
    expect(one.world.user.git('log', '-1', '--format=%B', 'main')).toBe('All of it\n\nin one')
    const other = await readyToMerge(TWO_COMMITS)
    await other.merge()
    expect(other.world.user.git('log', '-1', '--format=%s', 'main')).toBe('Merge task fix: Mend it')
  })

  test.each(['main~1', 'HEAD', 'refs/heads/main', '-d', 'main\nmain'])(
    'into %j, which is no branch, is refused',
    async (into) => {
      const { world, merge } = await readyToMerge(TWO_COMMITS)
      const before = world.user.git('for-each-ref', 'refs/heads')
      expect(await merge({ into })).toMatchObject({ status: 'active', setback: { reason: 'base-missing' } })
      expect(world.user.git('for-each-ref', 'refs/heads')).toBe(before)
    },
  )

  test('of what git itself would not commit is refused, and says why', async () => {
    const { merge } = await readyToMerge(
      "echo '*.u working-tree-encoding=UTF-16' > .gitattributes; echo x > y.u",
    )
    const message = expect.stringContaining('BOM is required') as string
    expect(await merge()).toMatchObject({ status: 'active', setback: { reason: 'error', message } })
  })

  test('from a branch without a commit is refused', async () => {
    const { merge } = await readyToMerge('git checkout -q --orphan fresh')
    expect(await merge()).toMatchObject({ status: 'active', setback: { reason: 'branch-diverged' } })
  })

  test('by rebase keeps what stands on top of the base already, empty commits too, as the commits that they are', async () => {
    const { world, merge } = await readyToMerge(`${TWO_COMMITS}; git commit -q --allow-empty -m nothing`)
    const tip = world.user.git('rev-parse', 'coppice/fix')
    await merge({ strategy: 'rebase' })
    expect(world.user.git('rev-parse', 'main')).toBe(tip)
  })

  test('by rebase keeps empty commits on a base that went on, and names in other encodings', async () => {
    const { world, merge } = await readyToMerge(`git commit -q --allow-empty -m nothing
      git config i18n.commitEncoding ISO-8859-1; echo x > x; git add -A
      GIT_AUTHOR_NAME=$(printf 'Ren\\xe9') git commit -qm "$(printf 'caf\\xe9')"; git config --unset i18n.commitEncoding`)
    world.user.commit('elsewhere', 'x', 'elsewhere')
    await merge({ strategy: 'rebase' })
    expect(world.user.git('log', '-3', '--format=%an %s', 'main')).toBe(
      'René café\nA Tester nothing\nA Tester elsewhere',
    )
  })
})

test('a verification that is cancelled ends with all its children, and the task goes on', async () => {
  const { world, path } = await readyToMerge(TWO_COMMITS)
  const { user, engine } = world
  const pids = join(user.scratch, 'pids')
  const controller = new AbortController()
  const script = `sh -c 'trap "" TERM; sleep 1000 & echo $! > ${pids}; wait' & wait`
  const merging = engine.command('fix', mergeRequest({ verify: ['sh', '-c', script] }), controller.signal)
  await eventually(() => existsSync(pids) && readFileSync(pids, 'utf8').endsWith('\n'))
  controller.abort(new Error('enough'))
  await expect(merging).rejects.toThrow('enough')
  await eventually(() => !isRunning(readFileSync(pids, 'utf8').trim()))
  expect(engine.find('fix')).toMatchObject({ status: 'active', setback: { reason: 'cancelled' } })
  expect(existsSync(path)).toBe(true)
  expect(debrisOf(world)).toEqual([])
})

test('a verification that leaves a process behind is over when it ends, and so is the process', async () => {
  const { world, merge } = await readyToMerge(TWO_COMMITS)
  const pids = join(world.user.scratch, 'pids')
  expect(await merge({ verify: ['sh', '-c', `sleep 1000 & echo $! > ${pids}`] })).toMatchObject({
    status: 'merged',
  })
  await eventually(() => !isRunning(readFileSync(pids, 'utf8').trim()))
})
