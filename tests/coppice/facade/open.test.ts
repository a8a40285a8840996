import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openCoppice, type Problem } from 'coppice'
import { expect, test } from 'vitest'
import { listing } from '../../helpers/listing.js'
import { useEnvironment } from '../../git-adapter/helpers/environment.js'
import { makeRepository } from '../../helpers/repository.js'

test('opening and closing a repository without tasks writes nothing', async () => {
  const repository = makeRepository()
  const before = listing(repository.scratch)
  const coppice = await openCoppice({ repo: repository.path })
  expect(coppice.tasks()).toEqual([])
  await coppice.close()
  expect(listing(repository.scratch)).toEqual(before)
})

test('a second opening finds the tasks as they were', async () => {
  const repository = makeRepository()
  const first = await openCoppice({ repo: repository.path })
  const { state } = await first.create({ id: 'a' })
  await first.close()
  await using second = await openCoppice({ repo: join(repository.path, 'src') })
  expect(second.task('a').state).toEqual(state)
})

test('opening makes a lost worktree anew, unless it is asked not to recover', async () => {
  const repository = makeRepository()
  const first = await openCoppice({ repo: repository.path })
  const task = await first.create({ id: 'a' })
  writeFileSync(join(task.path, 'new.txt'), 'new\n')
  await task.checkpoint()
  await first.close()
  rmSync(task.path, { recursive: true })

  const looking = await openCoppice({ repo: repository.path, recover: false })
  expect(looking.task('a').state.worktree).toBe('present')
  await looking.close()
  expect(existsSync(task.path)).toBe(false)

  await using recovered = await openCoppice({ repo: repository.path })
  expect(recovered.task('a').state.worktree).toBe('present')
  expect(existsSync(join(task.path, 'new.txt'))).toBe(true)
})

test('a git that is too old is noticed by the first operation, where nothing is to be recovered', async () => {
  const repository = makeRepository()
  const bin = join(repository.scratch, 'bin')
  mkdirSync(bin)
  const script = `if [ "$1" = version ]; then echo git version 2.37.9; else PATH='${process.env['PATH']}' exec git "$@"; fi`
  writeFileSync(join(bin, 'git'), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  useEnvironment({ ...repository.env, PATH: `${bin}:${process.env['PATH']}` })
  await using coppice = await openCoppice({ repo: repository.path, recover: false })
  expect(coppice.tasks()).toEqual([])
  await expect(coppice.create({ id: 'a' })).rejects.toMatchObject({ code: 'git-too-old', found: '2.37.9' })
})

test('options come before what git’s configuration says', async () => {
  const repository = makeRepository()
  repository.git('config', 'coppice.branchPrefix', 'configured/')
  await using coppice = await openCoppice({
    repo: repository.path,
    branchPrefix: 'agents/',
    worktreesDir: join(repository.scratch, 'trees'),
    setup: ['sh', '-c', 'echo ready > .ready'],
  })
  const { branch, path } = await coppice.create({ id: 'a' })
  expect({ branch, path }).toEqual({ branch: 'agents/a', path: join(repository.scratch, 'trees', 'a') })
  expect(existsSync(join(path, '.ready'))).toBe(true)
})

test('what cannot be done now is told, at once and at every opening, and stays owed', async () => {
  const repository = makeRepository()
  const problems: Problem[] = []
  const first = await openCoppice({ repo: repository.path })
  first.on('problem', (problem) => problems.push(problem))
  const task = await first.create({ id: 'a' })
  // No checkpoint can hold a repository without a commit, so the worktree must not be taken away.
  repository.git('init', '--quiet', join(task.path, 'nested'))
  writeFileSync(join(task.path, 'nested', 'only-copy.txt'), 'precious\n')
  await task.park()
  expect(task.state).toMatchObject({ status: 'parked', worktree: 'present' })
  await first.close()

  const onProblem = (problem: Problem): number => problems.push(problem)
  await using second = await openCoppice({ repo: repository.path, onProblem })
  const told = {
    task: 'a',
    effect: 'remove',
    error: { code: 'effect-deferred', reason: { code: 'uncaptured' } },
  }
  expect(problems).toMatchObject([told, told])
  expect(existsSync(join(task.path, 'nested', 'only-copy.txt'))).toBe(true)

  rmSync(join(task.path, 'nested'), { recursive: true })
  await second.close()
  await using third = await openCoppice({ repo: repository.path, onProblem })
  expect(third.task('a').state.worktree).toBe('absent')
  expect(problems).toHaveLength(2)
})

test('an opening that is aborted ends with the reason', async () => {
  const repository = makeRepository()
  const reason = new Error('never mind')
  await expect(openCoppice({ repo: repository.path, signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
})

test('a closed coppice refuses to go on', async () => {
  const repository = makeRepository()
  const coppice = await openCoppice({ repo: repository.path })
  const task = await coppice.create({ id: 'a' })
  await coppice.close()
  await expect(task.park()).rejects.toMatchObject({ code: 'log-closed' })
})
