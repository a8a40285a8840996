import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { coppice, coppiceJson } from '../../helpers/coppice-command.js'
import { eventually } from '../../helpers/eventually.js'
import { makeRepository, type TestRepository } from '../../helpers/repository.js'

const PROCESSES = 32

/** Has so many processes of the command run at once, and answers with what went wrong. */
async function atOnce(repository: TestRepository, argsOf: (id: string) => string[]): Promise<string[]> {
  const ids = Array.from({ length: PROCESSES }, (_, index) => `task-${index}`)
  const results = await Promise.all(ids.map((id) => coppice(repository, argsOf(id))))
  return results.flatMap(({ code, stderr }) => (code === 0 ? [] : [stderr]))
}

function collectsGarbage({ path, env }: TestRepository): boolean {
  return spawnSync('git', ['gc', '--quiet'], { cwd: path, env }).status === 0
}

test(
  'thirty-two processes make a task each at once, and merge or abandon it at once, beside the user’s own git',
  { timeout: 180_000 },
  async () => {
    const repository = makeRepository()
    const over = new AbortController()
    let commits = 0
    const user = (async () => {
      while (!over.signal.aborted) {
        repository.commit(`user-${++commits}.txt`, 'mine\n')
        // It may read what a `git worktree add` is just writing, fails then, and has to be tried again.
        if (commits % 10 === 0) await eventually(() => collectsGarbage(repository))
        await new Promise((resolve) => setTimeout(resolve, 200))
      }
    })()

    expect(await atOnce(repository, (id) => ['new', id, '--base', 'main'])).toEqual([])
    over.abort()
    await user
    expect(repository.git('worktree', 'list').split('\n')).toHaveLength(PROCESSES + 1)
    expect(repository.git('branch', '--list', 'coppice/*').split('\n')).toHaveLength(PROCESSES)

    const isEven = (id: string): boolean => Number(id.slice('task-'.length)) % 2 === 0
    expect(await atOnce(repository, (id) => (isEven(id) ? ['merge', id] : ['abandon', id]))).toEqual([])
    expect(repository.git('worktree', 'list').split('\n')).toHaveLength(1)
    expect(await coppiceJson(repository, ['doctor'])).toMatchObject({ healthy: true })
    expect(repository.git('fsck', '--strict', '--no-dangling')).toBe('')
    expect(commits).toBeGreaterThan(3)
  },
)
