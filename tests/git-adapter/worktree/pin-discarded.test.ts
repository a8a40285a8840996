import { execFileSync } from 'node:child_process'
import { appendFileSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ABANDON, mergeRequest, PARK, RESUME } from '../../core/helpers/requests.js'
import { editedTask, type Edited } from '../helpers/edited.js'
import { agentRuns, gitIn } from '../helpers/tree.js'

const AMENDED = `
  echo 1 > 1; git add 1; git commit -qm one; git commit -q --amend -m uno; echo 2 > 2; git add 2; git commit -qm two
  git reset -q --hard HEAD~1; git checkout -q --detach; echo 3 > 3; git add 3; git commit -qm three; git checkout -q -`

const BY = 'x <x> 1 +0000'

/** Every commit that HEAD was ever at, from the reflog that goes with the worktree. */
function visitedIn({ world, task }: Edited): string[] {
  return gitIn(world.user, task.path, 'reflog', '--format=%H').trim().split('\n')
}

function pinsIn({ world }: Edited): string {
  return world.user.git('for-each-ref', 'refs/coppice/fix/discarded/', '--format=%(refname)')
}

function collectGarbage({ world }: Edited): void {
  world.user.git('reflog', 'expire', '--expire=now', '--all')
  world.user.git('gc', '--quiet', '--prune=now')
}

describe('what an agent committed and amended, reset or left behind', () => {
  test.each([
    ['is parked', PARK],
    ['is abandoned', ABANDON],
    ['is merged', mergeRequest()],
  ] as const)('is kept when its task %s', async (_, request) => {
    const found = await editedTask(AMENDED)
    const visited = visitedIn(found)
    await found.world.engine.command('fix', request)
    expect(found.world.problems).toEqual([])
    collectGarbage(found)
    for (const commit of visited) expect(found.world.user.git('cat-file', '-t', commit)).toBe('commit')
    expect(pinsIn(found).split('\n')).toHaveLength(1)
  })

  test('is kept, however many lines of it there are', async () => {
    const found = await editedTask('echo')
    const { user } = found.world
    const tell = (input: string, ...args: string[]): string =>
      execFileSync('git', args, { cwd: user.path, env: user.env, input, encoding: 'utf8' }).trim()
    // More than a command line can name; each a commit without a parent, on a branch that forgets the one before.
    const stories = Array.from({ length: 40_000 }, (_, number) => {
      return `reset refs/x\n\ncommit refs/x\nmark :${number + 1}\ncommitter ${BY}\ndata <<.\n${number}\n.\n\n`
    })
    const marks = join(user.scratch, 'marks')
    tell(stories.join(''), 'fast-import', '--quiet', `--export-marks=${marks}`)
    user.git('update-ref', '-d', 'refs/x')
    const commits = readFileSync(marks, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ')[1])
    const lines = commits.map((commit) => `${'0'.repeat(40)} ${commit} ${BY}\t\n`)
    appendFileSync(join(found.task.gitDir!, 'logs/HEAD'), lines.join(''))
    await found.world.engine.command('fix', PARK)
    expect(found.world.problems).toEqual([])
    const missing = tell(commits.join('\n'), 'rev-list', '--stdin', '--not', '--all')
    expect(missing).toBe('')
    expect(pinsIn(found).split('\n')).toHaveLength(1)
  })

  test('is pinned once, however often the task is parked', async () => {
    const found = await editedTask(AMENDED)
    await found.world.engine.command('fix', PARK)
    const pins = pinsIn(found)
    await found.world.engine.command('fix', RESUME)
    agentRuns(found.world.user, found.task.path, 'git commit -qm more --allow-empty')
    await found.world.engine.command('fix', PARK)
    expect(pinsIn(found)).toBe(pins)
  })

  test('is kept as far as it is whole, where the reflog names a commit whose parent is missing', async () => {
    const found = await editedTask(AMENDED)
    const visited = visitedIn(found)
    const { user } = found.world
    const tree = gitIn(user, found.task.path, 'rev-parse', 'HEAD^{tree}').trim()
    const text = `tree ${tree}\nparent ${'a'.repeat(40)}\nauthor ${BY}\ncommitter ${BY}\n\nx\n`
    const write = `printf '${text.replaceAll('\n', String.raw`\n`)}' | git hash-object -t commit -w --stdin`
    const torn = agentRuns(user, found.task.path, write).trim()
    appendFileSync(join(found.task.gitDir!, 'logs/HEAD'), `${'0'.repeat(40)} ${torn} ${BY}\t\n`)
    expect(await found.world.engine.command('fix', PARK)).toMatchObject({ worktree: 'absent' })
    expect(found.world.problems).toEqual([])
    collectGarbage(found)
    for (const commit of visited) expect(user.git('cat-file', '-t', commit)).toBe('commit')
  })

  test.each([
    ['is rebuilt', async ({ world }: Edited) => world.engine.recover()],
    ['is parked', async ({ world }: Edited) => world.engine.command('fix', PARK)],
    ['is abandoned', async ({ world }: Edited) => world.engine.command('fix', ABANDON)],
  ])('is kept when the directory is lost and the worktree %s', async (_, go) => {
    const found = await editedTask(`${AMENDED}; git reset -q --hard HEAD~1; echo 4 > 4; git add 4`)
    const visited = visitedIn(found)
    const staged = gitIn(found.world.user, found.task.path, 'rev-parse', ':4').trim()
    rmSync(found.task.path, { recursive: true })
    await go(found)
    expect(found.world.problems).toEqual([])
    collectGarbage(found)
    for (const commit of visited) expect(found.world.user.git('cat-file', '-t', commit)).toBe('commit')
    expect(found.world.user.git('cat-file', 'blob', staged)).toBe('4')
  })

  test('is kept however long ago it was', async () => {
    const found = await editedTask(AMENDED)
    const visited = visitedIn(found)
    const head = gitIn(found.world.user, found.task.path, 'rev-parse', 'HEAD').trim()
    const line = `${head} ${head} A Tester <tester@example.invalid> 1 +0000\tcheckout: again\n`
    appendFileSync(join(found.task.gitDir!, 'logs/HEAD'), line.repeat(20_000))
    await found.world.engine.command('fix', PARK)
    collectGarbage(found)
    for (const commit of visited) expect(found.world.user.git('cat-file', '-t', commit)).toBe('commit')
  })

  test('is kept beside a line that has no end', async () => {
    const found = await editedTask(AMENDED)
    const visited = visitedIn(found)
    appendFileSync(join(found.task.gitDir!, 'logs/HEAD'), `${'a'.repeat(3_000_000)}\n`)
    await found.world.engine.command('fix', PARK)
    collectGarbage(found)
    for (const commit of visited) expect(found.world.user.git('cat-file', '-t', commit)).toBe('commit')
  })

  test('needs no pin where a ref reaches it', async () => {
    const found = await editedTask(
      'git checkout -qb side; git commit -qm x --allow-empty; git checkout -q coppice/fix',
    )
    await found.world.engine.command('fix', PARK)
    expect(pinsIn(found)).toBe('')
  })
})

describe('a reflog in which an agent has written is read as far as it makes sense:', () => {
  const zero = '0'.repeat(40)
  test.each([
    [
      'commits that there are not',
      (log: string) => appendFileSync(log, `${zero} ${'a'.repeat(40)} x <x> 1 +0000\t\n`),
    ],
    ['megabytes of anything', (log: string) => appendFileSync(log, '\0é\n--all\n'.repeat(400_000))],
    ['a pipe', (log: string) => (rmSync(log), execFileSync('sh', ['-c', `mkfifo '${log}'`]))],
    ['nothing', (log: string) => rmSync(log)],
  ])('%s', async (_, write) => {
    const found = await editedTask(AMENDED)
    write(join(found.task.gitDir!, 'logs/HEAD'))
    expect(await found.world.engine.command('fix', PARK)).toMatchObject({ worktree: 'absent' })
    expect(found.world.problems).toEqual([])
  })
})
