import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { makeRepository } from '../../helpers/repository.js'
import { startWorker } from '../helpers/worker.js'

/** Nothing is unreadable for root, so there somebody else has to be the agent. */
const NOBODY = process.getuid?.() === 0 ? 65_534 : undefined

test('a worktree with what may not be read is not taken away, and comes back once it may', async () => {
  const user = makeRepository()
  if (NOBODY !== undefined) execFileSync('chown', ['-R', `${NOBODY}:${NOBODY}`, user.scratch])
  const worker = startWorker(user, 'unreadable', 'fix', 1, NOBODY)
  expect(await worker.ended).toEqual({ code: 0, stderr: '' })
  expect(worker.said).toEqual([
    'ready',
    'problem remove of task "fix0" has to wait: no checkpoint can hold secret/, hidden; move them away or delete them',
    'worktree absent false',
    'inner x',
    'done',
  ])
})
