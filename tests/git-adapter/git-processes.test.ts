import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, onTestFinished, test, vi } from 'vitest'
import { mayLock } from '../../packages/git-adapter/src/process/may-lock.js'
import { processesAt } from '../../packages/git-adapter/src/process/git-processes.js'
import { makeRepository } from '../helpers/repository.js'

let hasProc = true

vi.mock(import('../../packages/git-adapter/src/files/look.js'), async (original) => {
  const real = await original()
  return { ...real, isThere: async (path) => (hasProc || path !== '/proc/self/fd') && real.isThere(path) }
})

test.each([true, false])('a git that is at work is found where the system tells of it: %s', async (told) => {
  hasProc = told
  onTestFinished(() => {
    hasProc = true
  })
  const { path, env } = makeRepository()
  const git = spawn('git', ['update-ref', '--stdin'], { cwd: path, env })
  onTestFinished(() => void git.kill('SIGKILL'))
  git.stdin.write('start\n')
  await once(git.stdout, 'data')
  const { git: found } = await processesAt({ commonDir: `${path}/.git` })
  const own = found.find(({ what }) => what.includes(`(${git.pid})`))
  expect(own?.what).toMatch(told ? / is at work there$/ : / runs, and the system does not tell where$/)
  expect(own?.beganMs).toBeLessThan(Date.now())
})

test.each([
  ['git commit --all', true],
  ['git -C log commit', true],
  ['git -c core.x=show --git-dir cat-file update-ref x', true],
  ['git', true],
  ['git log', false],
  ['git --no-pager -C somewhere log -p', false],
  ['git cat-file --batch', false],
  ['git fsmonitor--daemon run --detach', false],
])('whether `%s` may lock anything: %s', (command, expected) => {
  expect(mayLock(command.split(' '))).toBe(expected)
})
