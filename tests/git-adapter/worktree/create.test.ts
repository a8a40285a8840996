import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ABANDON, RESUME } from '../../core/helpers/requests.js'
import { eventually } from '../../helpers/eventually.js'
import { listing } from '../../helpers/listing.js'
import { makeRepository } from '../../helpers/repository.js'
import { debrisOf } from '../helpers/debris.js'
import { isRunning } from '../helpers/processes.js'
import { agentRuns, filesIn, gitIn } from '../helpers/tree.js'
import { openWorld, typesOf, type World } from '../helpers/world.js'

describe('a new task', () => {
  test('has its own branch at the base, the files of the base, and a clean status', async () => {
    const world = await openWorld()
    const { path, branch, gitDir } = await world.engine.create({ id: 'fix', base: 'HEAD~1' })
    expect(branch).toBe('coppice/fix')
    expect(gitIn(world.user, path, 'status', '--porcelain=v2', '--branch')).toBe(
      `# branch.oid ${world.user.git('rev-parse', 'HEAD~1')}\n# branch.head coppice/fix\n`,
    )
    expect(Object.keys(filesIn(path))).toEqual(['README.md', 'src/greeting.txt'])
    expect(gitIn(world.user, path, 'rev-parse', '--absolute-git-dir').trim()).toBe(gitDir)
    expect(debrisOf(world)).toEqual([])
  })

  test('leaves the branches, configuration, index, stash, HEAD and files of the user as they were', async () => {
    const user = makeRepository()
    user.git('branch', 'mine')
    user.write('README.md', 'stashed')
    user.git('stash')
    user.write('README.md', 'staged')
    user.git('add', '--all')
    user.write('untracked', 'x')
    const world = await openWorld({ user })
    const before = listing(user.scratch)
    await world.engine.create({ id: 'fix' })
    const ours = /^repo(\.worktrees|\/\.git\/(coppice|worktrees|objects|(logs\/)?refs\/heads\/coppice))(\/|$)/
    const after = Object.entries(listing(user.scratch)).filter(([name]) => !ours.test(name))
    const kept = Object.entries(before).filter(([name]) => !ours.test(name))
    expect(Object.fromEntries(after)).toEqual(Object.fromEntries(kept))
  })

  test('follows no remote branch, though it starts from one', async () => {
    const origin = makeRepository({ bare: true })
    const user = makeRepository()
    user.git('remote', 'add', 'origin', origin.path)
    user.git('fetch', '--quiet', 'origin')
    user.git('config', 'branch.autoSetupMerge', 'always')
    const world = await openWorld({ user })
    const config = user.read('.git/config')
    await world.engine.create({ id: 'fix', base: 'origin/main' })
    expect(user.read('.git/config')).toBe(config)
    expect(user.git('rev-parse', 'coppice/fix')).toBe(user.git('rev-parse', 'origin/main'))
  })

  test('lives where the repository’s configuration, or the caller, says', async () => {
    const user = makeRepository()
    user.git('config', 'coppice.worktreesDir', '../elsewhere/trees')
    user.git('config', 'coppice.branchPrefix', 'agent-')
    const configured = await openWorld({ user })
    expect(await configured.engine.create({ id: 'one' })).toMatchObject({
      path: join(user.scratch, 'elsewhere/trees/one'),
      branch: 'agent-one',
    })
    const told = await openWorld({ user, worktreesDir: 'inside', branchPrefix: 'x/' })
    expect(await told.engine.create({ id: 'two' })).toMatchObject({
      path: join(user.path, 'inside/two'),
      branch: 'x/two',
    })
  })
})

describe('a task is made and removed in', () => {
  const expectLife = async (world: World, parent: string, mine: readonly string[] = []): Promise<void> => {
    const { path } = await world.engine.create({ id: 'fix' })
    expect(path).toBe(join(parent, 'fix'))
    expect(gitIn(world.user, path, 'status', '--porcelain')).toBe('')
    await world.engine.command('fix', ABANDON)
    expect(existsSync(parent)).toBe(false)
    expect(world.problems).toEqual([])
    expect(debrisOf(world, mine)).toEqual([])
  }

  test('a bare repository', async () => {
    const user = makeRepository({ bare: true })
    await expectLife(await openWorld({ user }), join(user.scratch, 'repo.worktrees'))
  })

  test('a directory with a bare repository and linked worktrees, from inside one of them', async () => {
    const user = makeRepository({ bare: true })
    const project = join(user.scratch, 'project')
    user.git('clone', '--quiet', '--bare', user.path, join(project, '.bare'))
    user.git('-C', join(project, '.bare'), 'worktree', 'add', '--quiet', join(project, 'main'))
    writeFileSync(join(project, '.git'), 'gitdir: ./.bare\n')
    const inside = { ...user, git: (...args: string[]) => user.git('-C', project, ...args) }
    await expectLife(
      await openWorld({ user: inside, from: join(project, 'main') }),
      join(user.scratch, 'project.worktrees'),
      ['main'],
    )
    const again = await openWorld({ user: inside, from: project })
    await expectLife(again, join(user.scratch, 'project.worktrees'), ['main'])
  })

  test('a repository on a path with spaces and non-ASCII letters', async () => {
    const user = makeRepository({ name: 'mein Übungs "projekt"' })
    await expectLife(await openWorld({ user }), join(user.scratch, 'mein Übungs "projekt".worktrees'))
  })

  test('a repository with SHA-256 object names', async () => {
    const user = makeRepository({ empty: true })
    user.git('init', '--quiet', '--object-format=sha256', '--initial-branch', 'main', '../sha')
    const inside = {
      ...user,
      path: join(user.scratch, 'sha'),
      git: (...args: string[]) => user.git('-C', '../sha', ...args),
    }
    inside.git(
      '-c',
      'user.name=x',
      '-c',
      'user.email=x@example.invalid',
      'commit',
      '--quiet',
      '--allow-empty',
      '-m',
      'one',
    )
    const world = await openWorld({ user: inside })
    const { path } = await world.engine.create({ id: 'first' })
    agentRuns(
      user,
      path,
      'echo x > new; git add new; rm new; echo y > other; git update-index --assume-unchanged new',
    )
    await world.engine.command('first', ABANDON)
    expect(world.problems).toEqual([])
    await expectLife(world, join(user.scratch, 'sha.worktrees'))
  })
})

describe('the setup command', () => {
  const setup = [
    'sh',
    '-c',
    'echo "$COPPICE_TASK $COPPICE_PATH $PWD" > ready; env | grep ^GIT_ | grep -v ^GIT_CONFIG_ >> ready; true',
  ]

  test('runs in the new worktree, and knows the task', async () => {
    const world = await openWorld({ setup })
    const { path } = await world.engine.create({ id: 'fix' })
    expect(readFileSync(join(path, 'ready'), 'utf8')).toBe(`fix ${path} ${path}\n`)
  })

  test('can be configured in the repository, as a line for the shell', async () => {
    const user = makeRepository()
    user.git('config', 'coppice.setup', 'echo "a  b" | tr a c > ready')
    const { path } = await (await openWorld({ user })).engine.create({ id: 'fix' })
    expect(readFileSync(join(path, 'ready'), 'utf8')).toBe('c  b\n')
  })

  test('is tried again when it fails, and leaves nothing when it fails for good', async () => {
    const world = await openWorld({ setup: ['sh', '-c', 'echo oh no; touch debris; exit 3'] })
    await expect(world.engine.create({ id: 'fix' })).rejects.toMatchObject({
      code: 'creation-failed',
      attempts: 5,
      reason: { code: 'setup-failed', message: expect.stringMatching(/exit 3.*oh no/s) as string },
    })
    expect(await typesOf(world)).toEqual([
      'task.requested',
      ...Array<string>(5).fill('worktree.creation-failed'),
    ])
    expect(existsSync(join(world.user.scratch, 'repo.worktrees'))).toBe(false)
    expect(debrisOf(world)).toEqual([])
  })

  test('that fails once makes a fresh worktree the next time', async () => {
    const script = 'if test -e "$0"; then exit 0; else touch "$0" half; exit 1; fi'
    const user = makeRepository()
    const world = await openWorld({ user, setup: ['sh', '-c', script, join(user.scratch, 'mark')] })
    const { path, status } = await world.engine.create({ id: 'fix' })
    expect(status).toBe('active')
    expect(gitIn(user, path, 'status', '--porcelain')).toBe('')
  })

  test('is stopped with all its children when the creation is cancelled, and nothing is left', async () => {
    const controller = new AbortController()
    const user = makeRepository()
    const pids = join(user.scratch, 'pids')
    const script = `sleep 1000 & echo $! > ${pids}; wait`
    const world = await openWorld({ user, setup: ['sh', '-c', script] })
    const creation = world.engine.create({ id: 'fix' }, controller.signal)
    await eventually(() => existsSync(pids) && readFileSync(pids, 'utf8').endsWith('\n'))
    controller.abort(new Error('enough'))
    await expect(creation).rejects.toThrow('enough')
    await eventually(() => !isRunning(readFileSync(pids, 'utf8').trim()))
    expect(world.engine.find('fix')).toMatchObject({ status: 'failed', failure: { code: 'cancelled' } })
    expect(debrisOf(world)).toEqual([])
  })

  test('need not be there a second time: a failed task can be tried again by hand', async () => {
    const user = makeRepository()
    const world = await openWorld({ user, setup: ['no-such-command'] })
    await expect(world.engine.create({ id: 'fix' })).rejects.toMatchObject({ code: 'creation-failed' })
    const next = await openWorld({ user, log: world.log })
    expect(await next.engine.command('fix', RESUME)).toMatchObject({ status: 'active' })
  })
})
