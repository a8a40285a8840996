import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findRemains, openCoppice, startNewLog, type TaskState } from 'coppice'
import { beforeEach, expect, test } from 'vitest'
import { useEnvironment } from '../git-adapter/helpers/environment.js'
import { agentRuns, contentOf } from '../git-adapter/helpers/tree.js'
import { makeRepository, type TestRepository } from '../helpers/repository.js'
import { loseLog } from './helpers/every-status.js'

let user: TestRepository

beforeEach(() => {
  user = makeRepository()
  useEnvironment(user.env)
})

async function withTask(id: string, work: (path: string) => void = () => undefined): Promise<TaskState> {
  const coppice = await openCoppice({ repo: user.path })
  const task = await coppice.create({ id })
  work(task.path)
  await coppice.close()
  return task.state
}

/** Writes a ref as no git would, for git refuses to. */
function writeRef(name: string, content: string): void {
  const file = join(user.path, '.git', name)
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, content)
}

test('refs that cannot be ours are told, and stay; those that hold nothing hide nothing', async () => {
  await withTask('a', (path) => agentRuns(user, path, 'echo work > work'))
  const blob = user.git('rev-parse', 'HEAD:README.md')
  user.git('update-ref', 'refs/coppice/a/checkpoints/7', blob)
  user.git('update-ref', 'refs/coppice/a/checkpoints/elsewhere', 'HEAD')
  user.git('update-ref', 'refs/coppice/NOT_AN_ID/checkpoints/1', 'HEAD')
  user.git('update-ref', 'refs/coppice/lonely', 'HEAD')
  writeRef('refs/coppice/b/checkpoints/1', `${'1'.repeat(40)}\n`)
  writeRef('refs/coppice/c/checkpoints/1', 'no object id\n')
  writeRef('refs/heads/coppice/b', `${'2'.repeat(40)}\n`)
  loseLog(user)
  const { tasks, odd } = await startNewLog({ repo: user.path })
  expect(tasks.map(({ id }) => id)).toEqual(['a'])
  expect(tasks[0]).toMatchObject({
    problem: null,
    recovered: { status: 'active', checkpoint: { number: 1 } },
  })
  expect(odd.map(({ subject }) => subject)).toEqual(
    expect.arrayContaining([
      'refs/coppice/a/checkpoints/7',
      'refs/coppice/NOT_AN_ID/checkpoints/1',
      'refs/coppice/lonely',
      'refs/coppice/b/checkpoints/1',
      'refs/coppice/b',
    ]),
  )
  await using coppice = await openCoppice({ repo: user.path })
  expect(await coppice.task('a').merge({ into: 'main' })).toMatchObject({ status: 'merged' })
  expect(user.git('rev-parse', 'refs/coppice/a/checkpoints/7')).toBe(blob)
})

test('a mark that an agent wrote names no task', async () => {
  const { gitDir } = await withTask('a')
  writeFileSync(join(gitDir!, 'coppice-task'), '../../escape\n')
  user.git('update-ref', 'refs/coppice/z/checkpoints/1', 'HEAD')
  loseLog(user)
  const { tasks, odd } = await startNewLog({ repo: user.path })
  expect(tasks.map(({ id }) => id)).toEqual(['z'])
  expect(odd).toContainEqual(expect.objectContaining({ subject: join(gitDir!, 'coppice-task') }))
})

test('a worktree that cannot be read is left as it is, and does not stand in the way of the others', async () => {
  const broken = await withTask('broken', (path) => agentRuns(user, path, 'echo work > work'))
  await withTask('good', (path) => agentRuns(user, path, 'echo work > work'))
  writeFileSync(join(broken.gitDir!, 'index'), 'no index')
  loseLog(user)
  const { tasks } = await startNewLog({ repo: user.path })
  expect(tasks).toMatchObject([
    {
      id: 'broken',
      problem: expect.stringContaining('index') as string,
      uncommitted: null,
      recovered: { status: 'active' },
    },
    {
      id: 'good',
      problem: null,
      uncommitted: true,
      recovered: { status: 'active', checkpoint: { number: 1 } },
    },
  ])
  expect(readFileSync(join(broken.path, 'work'), 'utf8')).toBe('work\n')
})

test('nothing that an agent planted is run', async () => {
  const { path, gitDir } = await withTask('a')
  const proof = join(user.scratch, 'proof')
  writeFileSync(join(path, '.gitattributes'), '* filter=evil\n')
  writeFileSync(join(path, 'work'), 'work\n')
  user.git('config', 'extensions.worktreeConfig', 'true')
  const settings = `[core]\n\tfsmonitor = touch ${proof}\n[filter "evil"]\n\tclean = touch ${proof}; cat\n`
  writeFileSync(join(gitDir!, 'config.worktree'), settings)
  loseLog(user)
  await findRemains({ repo: user.path })
  const { tasks } = await startNewLog({ repo: user.path })
  expect(tasks).toMatchObject([{ uncommitted: true, recovered: { checkpoint: { number: 1 } } }])
  expect(() => readFileSync(proof)).toThrow('ENOENT')
})

test('a branch that somebody made anew after the task was given up is theirs', async () => {
  const coppice = await openCoppice({ repo: user.path })
  const task = await coppice.create({ id: 'a' })
  agentRuns(user, task.path, 'echo c > c; git add c; git commit -qm c')
  await task.abandon()
  await coppice.close()
  user.git('branch', 'coppice/a', 'main~1')
  loseLog(user)
  const { tasks, odd } = await startNewLog({ repo: user.path })
  expect(tasks).toMatchObject([{ id: 'a', recovered: { status: 'abandoned' } }])
  expect(odd.map(({ subject }) => subject)).toContain('refs/heads/coppice/a')
  expect(user.git('rev-parse', 'coppice/a')).toBe(user.git('rev-parse', 'main~1'))
})

test('a worktree whose directory is gone is made anew, and one that was moved is found', async () => {
  const gone = await withTask('gone', (path) =>
    agentRuns(user, path, 'echo c > c; git add c; git commit -qm c'),
  )
  const moved = await withTask('moved', (path) => agentRuns(user, path, 'echo work > work'))
  const there = join(user.scratch, 'there')
  rmSync(gone.path, { recursive: true })
  renameSync(moved.path, there)
  writeFileSync(join(moved.gitDir!, 'gitdir'), `${there}/.git\n`)
  loseLog(user)
  await startNewLog({ repo: user.path })
  await using coppice = await openCoppice({ repo: user.path })
  expect(coppice.task('gone').state).toMatchObject({ status: 'active', worktree: 'present' })
  expect(readFileSync(join(gone.path, 'c'), 'utf8')).toBe('c\n')
  expect(coppice.task('moved').state).toMatchObject({ path: there, checkpoint: { number: 1 } })
})

test('a copy of a repository lays no hand on the original’s worktrees', async () => {
  const { path } = await withTask('a', (at) => agentRuns(user, at, 'echo work > work'))
  await withTask('b')
  {
    await using coppice = await openCoppice({ repo: user.path })
    await coppice.task('a').checkpoint()
  }
  const content = contentOf(user, path)
  const copy = join(user.scratch, 'copy')
  agentRuns(user, user.scratch, `cp -a repo copy; rm -r copy/.git/coppice`)
  const { tasks, odd } = await startNewLog({ repo: copy })
  expect(tasks).toMatchObject([{ id: 'a', recovered: { status: 'parked' } }])
  expect(odd.map(({ subject }) => subject)).toEqual(expect.arrayContaining([path, 'refs/heads/coppice/b']))
  rmSync(join(copy, '.git/worktrees'), { recursive: true })
  await using coppice = await openCoppice({ repo: copy })
  await coppice.task('a').resume()
  expect(readFileSync(join(`${copy}.worktrees`, 'a', 'work'), 'utf8')).toBe('work\n')
  expect(contentOf(user, path)).toEqual(content)
})
