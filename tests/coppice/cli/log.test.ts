import type { RecordedFact } from 'coppice'
import { expect, test } from 'vitest'
import { coppice, startCoppice } from '../../helpers/coppice-command.js'
import { makeRepository } from '../../helpers/repository.js'

function parse(stdout: string): RecordedFact[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RecordedFact)
}

test('prints a line for every fact, for people and as JSON', async () => {
  const repository = makeRepository()
  await coppice(repository, ['new', 'a', '--title', 'the first'])
  await coppice(repository, ['new', 'b'])
  const { stdout } = await coppice(repository, ['log'])
  const lines = stdout.trimEnd().split('\n')
  expect(lines).toHaveLength(4)
  expect(lines[0]).toMatch(
    /^ +1 {2}\S+Z {2}a {2}task\.requested {2}coppice\/a from main \(\w{10}\): the first$/,
  )
  const all = parse((await coppice(repository, ['log', '--json'])).stdout)
  expect(all.map(({ sequence, stream, type }) => [sequence, stream, type])).toEqual([
    [1, 'task/a', 'task.requested'],
    [2, 'task/a', 'worktree.created'],
    [3, 'task/b', 'task.requested'],
    [4, 'task/b', 'worktree.created'],
  ])
  expect(parse((await coppice(repository, ['log', 'b', '--json'])).stdout)).toEqual(all.slice(2))
  expect(parse((await coppice(repository, ['log', '--from', '2', '--json'])).stdout)).toEqual(all.slice(1))
})

test('--follow goes on with what other processes append, until it is interrupted', async () => {
  const repository = makeRepository()
  await coppice(repository, ['new', 'a'])
  const { child, ended, printed } = startCoppice(repository, ['log', '--follow', '--json'])
  await printed('worktree.created')
  await coppice(repository, ['park', 'a'])
  await printed('worktree.removed')
  child.kill('SIGINT')
  const { code, stdout, stderr } = await ended
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const sequences = parse(stdout).map(({ sequence }) => sequence)
  expect(sequences).toEqual(sequences.map((_, i) => i + 1))
})

test('a reader that has seen enough is no failure', async () => {
  const repository = makeRepository()
  await coppice(repository, ['new', 'a'])
  const { child, ended } = startCoppice(repository, ['log', '--follow'])
  child.stdout.once('data', () => child.stdout.destroy())
  await new Promise((resolve) => child.stdout.once('close', resolve))
  await coppice(repository, ['park', 'a'])
  expect(await ended).toMatchObject({ code: 0, stderr: '' })
})
