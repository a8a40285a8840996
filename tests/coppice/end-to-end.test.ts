import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openCoppice, type TaskState } from 'coppice'
import { expect, test } from 'vitest'
import { coppice, coppiceJson, startCoppice } from '../helpers/coppice-command.js'
import { makeRepository, type TestRepository } from '../helpers/repository.js'

/** What a repository must look like once every task has landed. */
function expectNothingLeftBehind(repository: TestRepository): void {
  expect(repository.git('worktree', 'list').split('\n')).toHaveLength(1)
  expect(repository.git('for-each-ref', '--format=%(refname)', 'refs/heads')).toBe('refs/heads/main')
  expect(repository.git('status', '--porcelain')).toBe('')
  repository.git('fsck', '--strict')
}

test('many runs at once, each a process of its own, all land', async () => {
  const repository = makeRepository()
  const ids = Array.from({ length: 6 }, (_, i) => `agent-${i}`)
  const agent =
    'echo "$COPPICE_TASK" > "$COPPICE_TASK.txt"; mkdir -p lib; date > "lib/$COPPICE_TASK"; git add lib'
  const ended = await Promise.all(ids.map((id) => coppice(repository, ['run', id, '--', 'sh', '-c', agent])))
  expect(ended.map(({ code, stderr }) => (code === 0 ? 0 : stderr))).toEqual(ids.map(() => 0))
  for (const id of ids) {
    expect(repository.read(`${id}.txt`)).toBe(`${id}\n`)
    expect(existsSync(join(repository.path, 'lib', id))).toBe(true)
  }
  const merges = repository.git('rev-list', '--count', '--first-parent', 'main')
  expect(Number(merges)).toBe(3 + ids.length)
  expectNothingLeftBehind(repository)
})

test.each(['merge.requested', 'checkpoint.taken', 'merge.prepared', 'merge.verified', 'merge.landed'])(
  'a merge that is killed after %s lands exactly once when the repository is next worked in',
  async (type) => {
    const repository = makeRepository()
    const { path } = await coppiceJson<TaskState>(repository, ['new', 'a'])
    writeFileSync(join(path, 'staged.txt'), 'staged\n')
    repository.git('-C', path, 'add', '--all')
    writeFileSync(join(path, 'untracked.txt'), 'untracked\n')
    repository.commit('other.txt', 'meanwhile\n')
    const watching = await openCoppice({ repo: repository.path, recover: false })
    const { child, ended } = startCoppice(repository, ['merge', 'a', '--verify', 'test -f untracked.txt'])
    for await (const fact of watching.events({ follow: true })) if (fact.type === type) break
    child.kill('SIGKILL')
    await ended
    await watching.close()

    expect(await coppice(repository, ['new', 'next'])).toMatchObject({ code: 0, stderr: '' })
    await coppice(repository, ['abandon', 'next'])
    expect(await coppiceJson(repository, ['status', 'a'])).toMatchObject({
      status: 'merged',
      worktree: 'absent',
    })
    expect(repository.read('staged.txt')).toBe('staged\n')
    expect(repository.read('untracked.txt')).toBe('untracked\n')
    expect(repository.git('rev-list', '--count', '--first-parent', 'main')).toBe('5')
    expectNothingLeftBehind(repository)
  },
)

test('without its snapshot a repository shows the same tasks', async () => {
  const repository = makeRepository()
  const first = await openCoppice({ repo: repository.path })
  const task = await first.create({ id: 'a' })
  // Enough facts for a snapshot to be worth its while.
  for (let i = 0; i < 128; i++) await task.run(['true'])
  await first.close()
  const snapshot = join(repository.path, '.git/coppice/snapshot.json')
  expect(existsSync(snapshot)).toBe(true)
  const before = await coppiceJson(repository, ['list', '--all'])
  writeFileSync(snapshot, '{ "half": ')
  expect(await coppiceJson(repository, ['list', '--all'])).toEqual(before)
  expect(await coppiceJson(repository, ['replay'])).toEqual(before)
})
