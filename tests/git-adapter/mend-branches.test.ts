import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ABANDON } from '../core/helpers/requests.js'
import { cutPower } from './helpers/power-cut.js'
import { agentRuns, gitIn } from './helpers/tree.js'
import { openWorld, type World } from './helpers/world.js'

interface Committed {
  readonly world: World
  readonly path: string
  readonly gitDir: string
  readonly first: string
}

/** A task with a commit that a checkpoint holds. */
async function committed(): Promise<Committed> {
  const world = await openWorld()
  const { path, gitDir } = await world.engine.create({ id: 'fix' })
  agentRuns(world.user, path, 'echo one > one; git add one; git commit -qm one')
  await world.engine.checkpoint('fix', undefined)
  const first = gitIn(world.user, path, 'rev-parse', 'HEAD').trim()
  return { world, path, gitDir: gitDir!, first }
}

const COMMIT = 'echo two > two; git add two; git commit -qm two'

describe('a branch whose newest commit a power cut has torn', () => {
  test('is put back where a ref is packed', async () => {
    const { world, path, first } = await committed()
    cutPower(world, () => agentRuns(world.user, path, `${COMMIT}; git pack-refs --all`))
    await world.engine.recover()
    expect(world.problems).toEqual([])
    expect(world.user.git('rev-parse', 'coppice/fix')).toBe(first)
    expect(gitIn(world.user, path, 'status', '--porcelain')).toBe('?? two\n')
  })

  test.each(['', '\0'.repeat(41)])('is put back where its file says %j', async (nothing) => {
    const { world, path, first } = await committed()
    cutPower(world, () => agentRuns(world.user, path, COMMIT))
    writeFileSync(join(world.repository.commonDir, 'refs/heads/coppice/fix'), nothing)
    await world.engine.recover()
    expect(world.problems).toEqual([])
    expect(world.user.git('rev-parse', 'coppice/fix')).toBe(first)
  })

  test('is put back where HEAD was on another one, which stays', async () => {
    const { world, path, first } = await committed()
    cutPower(world, () => agentRuns(world.user, path, `${COMMIT}; git checkout -qb side`))
    const side = readFileSync(join(world.repository.commonDir, 'refs/heads/side'), 'utf8')
    await world.engine.recover()
    expect(world.user.git('rev-parse', 'coppice/fix')).toBe(first)
    expect(readFileSync(join(world.repository.commonDir, 'refs/heads/side'), 'utf8')).toBe(side)
  })

  test('stays where it is not the task’s own, whatever HEAD says', async () => {
    const { world, path, gitDir } = await committed()
    const { user, repository } = world
    user.git('branch', 'mine', 'HEAD~1')
    const mine = join(repository.commonDir, 'refs/heads/mine')
    cutPower(world, () =>
      agentRuns(user, path, `git checkout -q mine; ${COMMIT}; git checkout -q coppice/fix`),
    )
    const torn = readFileSync(mine, 'utf8')
    writeFileSync(join(gitDir, 'HEAD'), 'ref: refs/heads/mine\n')
    await world.engine.recover()
    expect(readFileSync(mine, 'utf8')).toBe(torn)
  })

  test('stays where it is checked out in another worktree', async () => {
    const { world, path } = await committed()
    const { user, repository } = world
    const file = join(repository.commonDir, 'refs/heads/coppice/fix')
    user.git('worktree', 'add', '--quiet', '--force', join(user.scratch, 'mine'), 'coppice/fix')
    cutPower(world, () => agentRuns(user, path, COMMIT))
    const torn = readFileSync(file, 'utf8')
    await world.engine.recover()
    expect(readFileSync(file, 'utf8')).toBe(torn)
  })

  test('is left alone where it is a symbolic ref, and so is the branch that it names', async () => {
    const { world, path } = await committed()
    const { user, repository } = world
    user.git('branch', 'mine')
    cutPower(world, () =>
      agentRuns(user, path, `git symbolic-ref refs/heads/coppice/fix refs/heads/mine; ${COMMIT}`),
    )
    const torn = readFileSync(join(repository.commonDir, 'refs/heads/mine'), 'utf8')
    await world.engine.recover()
    expect(readFileSync(join(repository.commonDir, 'refs/heads/mine'), 'utf8')).toBe(torn)
  })
})

test('a branch without a commit stays without one', async () => {
  const { world, path } = await committed()
  const { user } = world
  agentRuns(user, path, 'git update-ref -d refs/heads/coppice/fix')
  cutPower(world, () => agentRuns(user, path, 'echo x | git hash-object -w --stdin'))
  await world.engine.recover()
  expect(user.git('for-each-ref', 'refs/heads/coppice/fix')).toBe('')
})

test('an empty file that a mark names is not taken for a branch', async () => {
  const { world, path, gitDir } = await committed()
  const victim = join(world.repository.commonDir, 'victim')
  writeFileSync(victim, '')
  writeFileSync(join(gitDir, 'coppice-task'), '../../../victim\n')
  cutPower(world, () => agentRuns(world.user, path, COMMIT))
  await world.engine.recover()
  expect(existsSync(victim)).toBe(true)
})

test('a directory in the place of the branch keeps nobody from opening', async () => {
  const { world, path } = await committed()
  agentRuns(
    world.user,
    path,
    'git checkout -q --detach; git branch -qD coppice/fix; git branch coppice/fix/more',
  )
  cutPower(world, () => agentRuns(world.user, path, 'echo x | git hash-object -w --stdin'))
  await world.engine.recover()
  expect(world.user.git('rev-parse', '--verify', 'coppice/fix/more')).toMatch(/^[0-9a-f]{40}$/)
})

describe('an index', () => {
  test('that is empty is made of what is checked out, and what it was is kept', async () => {
    const { world, path, gitDir } = await committed()
    cutPower(world, () => agentRuns(world.user, path, COMMIT))
    writeFileSync(join(gitDir, 'index'), '\0'.repeat(200))
    await world.engine.recover()
    expect(world.problems).toEqual([])
    expect(gitIn(world.user, path, 'status', '--porcelain')).toBe('?? two\n')
    const aside = join(world.repository.commonDir, 'coppice/aside')
    expect(readdirSync(aside).map((name) => statSync(join(aside, name)).size)).toEqual([200])
  })

  test.each(['split', 'whole'])(
    'that is %s keeps what is there of it, and what git was told of it',
    async (kind) => {
      const { world, path, gitDir } = await committed()
      const { user } = world
      agentRuns(user, path, 'echo kept > kept; git add kept; git update-index --assume-unchanged one')
      if (kind === 'split')
        agentRuns(user, path, 'git config core.splitIndex true; git update-index --split-index')
      const before = gitIn(user, path, 'ls-files', '-v', '--stage')
      cutPower(world, () => agentRuns(user, path, 'echo lost > lost; git add lost'))
      expect(readdirSync(gitDir).some((name) => name.startsWith('sharedindex.'))).toBe(kind === 'split')
      await world.engine.recover()
      expect(world.problems).toEqual([])
      expect(gitIn(user, path, 'ls-files', '-v', '--stage')).toBe(before)
      expect(gitIn(user, path, 'status', '--porcelain')).toBe('A  kept\n?? lost\n')
    },
  )

  test('that is empty is made anew where indexes are split', async () => {
    const { world, path, gitDir } = await committed()
    const { user } = world
    agentRuns(user, path, 'git config core.splitIndex true; git update-index --split-index')
    cutPower(world, () => agentRuns(user, path, COMMIT))
    writeFileSync(join(gitDir, 'index'), '')
    await world.engine.recover()
    expect(gitIn(user, path, 'status', '--porcelain')).toBe('?? two\n')
  })

  test('of which a side of a conflict is lost has the others', async () => {
    const { world, path } = await committed()
    const { user } = world
    const sides = `a=$(git hash-object -w --stdin <<< mine); b=$(git rev-parse HEAD:one)
      printf '100644 %s 2\tboth\n100644 %s 3\tboth\n' $b $a | git update-index --index-info`
    cutPower(world, () => agentRuns(user, path, sides))
    await world.engine.recover()
    expect(world.problems).toEqual([])
    expect(gitIn(user, path, 'ls-files', '--stage', 'both')).toMatch(/^100644 \w+ 2\tboth\n$/)
  })

  test('that is missing is left to whoever needs one', async () => {
    const { world, path, gitDir } = await committed()
    cutPower(world, () => agentRuns(world.user, path, COMMIT))
    rmSync(join(gitDir, 'index'))
    await world.engine.recover()
    expect(existsSync(join(gitDir, 'index'))).toBe(false)
  })
})

test('a task whose branch is a symbolic ref has that deleted, and not the branch that it names', async () => {
  const { world, path } = await committed()
  world.user.git('branch', 'mine', 'coppice/fix')
  agentRuns(world.user, path, 'git symbolic-ref refs/heads/coppice/fix refs/heads/mine')
  const mine = world.user.git('rev-parse', 'mine')
  await world.engine.command('fix', ABANDON)
  expect(world.user.git('rev-parse', 'mine')).toBe(mine)
})
