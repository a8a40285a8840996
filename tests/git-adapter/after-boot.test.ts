import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { cutPower } from './helpers/power-cut.js'
import { agentRuns, gitIn } from './helpers/tree.js'
import { openWorld, type World, type WorldOptions } from './helpers/world.js'

interface Committed {
  readonly world: World
  readonly path: string
  readonly gitDir: string
  readonly head: string
  readonly warnings: () => readonly string[]
}

/** A task with a commit of the agent's, in a repository that has not been looked at since the machine was started. */
async function committed(options: WorldOptions = {}): Promise<Committed> {
  const world = await openWorld(options)
  const { path, gitDir } = await world.engine.create({ id: 'fix' })
  agentRuns(
    world.user,
    path,
    'echo one > one; git add one; git commit -qm one; echo staged > two; git add two',
  )
  const head = gitIn(world.user, path, 'rev-parse', 'HEAD').trim()
  rmSync(join(world.repository.commonDir, 'coppice/boot'), { force: true })
  const warn = vi.spyOn(process, 'emitWarning').mockReturnValue(undefined)
  onTestFinished(() => warn.mockRestore())
  return { world, path, gitDir: gitDir!, head, warnings: () => warn.mock.calls.map(([text]) => String(text)) }
}

function zeroedAtEnd(bytes: Buffer): Buffer {
  bytes.fill(0, bytes.length - 100)
  return bytes
}

describe('although every object is whole', () => {
  test.each(['', '\0'.repeat(41)])('a branch whose file says %j is put back', async (nothing) => {
    const { world, head } = await committed()
    writeFileSync(join(world.repository.commonDir, 'refs/heads/coppice/fix'), nothing)
    await world.engine.recover()
    expect(world.user.git('rev-parse', 'coppice/fix')).toBe(head)
  })

  test.each([
    ['emptied', (index: string) => truncateSync(index, 0)],
    ['cut off', (index: string) => truncateSync(index, 100)],
    ['zeroed', (index: string) => writeFileSync(index, Buffer.alloc(300))],
    ['zeroed at its end', (index: string) => writeFileSync(index, zeroedAtEnd(readFileSync(index)))],
  ])('an index that was %s is made anew', async (_, tear) => {
    const { world, path, gitDir } = await committed()
    tear(join(gitDir, 'index'))
    await world.engine.recover()
    expect(world.problems).toEqual([])
    expect(gitIn(world.user, path, 'status', '--porcelain')).toBe('?? two\n')
  })

  test('an index that git has locked is left to the next who opens', async () => {
    const { world, path, gitDir, warnings } = await committed()
    truncateSync(join(gitDir, 'index'), 0)
    writeFileSync(join(gitDir, 'index.lock'), 'theirs')
    await world.engine.recover()
    expect(readFileSync(join(gitDir, 'index.lock'), 'utf8')).toBe('theirs')
    expect(readFileSync(join(gitDir, 'index'), 'utf8')).toBe('')
    expect(warnings()).toEqual([expect.stringContaining('index.lock')])
    rmSync(join(gitDir, 'index.lock'))
    await world.engine.recover()
    expect(gitIn(world.user, path, 'status', '--porcelain')).toBe('?? two\n')
    expect(existsSync(join(gitDir, 'index.lock'))).toBe(false)
  })
})

test('the branch of a task that was made under another prefix is put back', async () => {
  const { world, path, head } = await committed({ branchPrefix: 'agents/' })
  const { user, log } = world
  cutPower(world, () => agentRuns(user, path, 'git commit -qm torn'))
  const successor = await openWorld({ user, log })
  await successor.engine.recover()
  expect(user.git('rev-parse', 'agents/fix')).toBe(head)
})

test('what a worktree says is the branch of its task is not believed of a branch with another name', async () => {
  const { world, gitDir } = await committed()
  const { user, repository } = world
  user.git('branch', 'mine')
  const mine = join(repository.commonDir, 'refs/heads/mine')
  writeFileSync(join(gitDir, 'coppice-branch'), 'mine\n')
  writeFileSync(mine, '')
  await world.engine.recover()
  expect(readFileSync(mine, 'utf8')).toBe('')
})

test.each(['HEAD', 'config', 'info/attributes'])(
  'a git directory of the engine’s own whose %s was emptied is made anew when it is needed',
  async (file) => {
    const { world, path } = await committed()
    const { user, repository, engine } = world
    await engine.checkpoint('fix', undefined)
    const emptied = join(repository.commonDir, 'coppice/git/raw', file)
    const before = readFileSync(emptied, 'utf8')
    truncateSync(emptied, 0)
    agentRuns(user, path, `printf 'one\\r\\n' > lines; echo '* text' > .gitattributes`)
    await engine.checkpoint('fix', undefined)
    const { checkpoint } = engine.find('fix')!
    expect(execFileSync('git', ['cat-file', 'blob', `${checkpoint!.commit}:lines`], { cwd: path })).toEqual(
      Buffer.from('one\r\n'),
    )
    expect(readFileSync(emptied, 'utf8')).toBe(before)
  },
)

test('what a repair had begun of an entry when it was killed is deleted', async () => {
  const { world } = await committed()
  const draft = join(world.repository.commonDir, 'coppice/entry.draft')
  mkdirSync(draft)
  writeFileSync(join(draft, 'HEAD'), '')
  await world.engine.recover()
  expect(existsSync(draft)).toBe(false)
})
