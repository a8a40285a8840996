import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const directory = fileURLToPath(new URL('../../examples/orchestrator', import.meta.url))

function node(...args: string[]): string {
  return execFileSync(process.execPath, args, { cwd: directory, encoding: 'utf8' })
}

test('the orchestrator’s own tests pass, the planted bug found', { timeout: 120_000 }, () => {
  expect(node('--test')).toMatch(/# pass 2\n# fail 0/)
})

test('the orchestrator brings a goal home in a real repository', { timeout: 60_000 }, () => {
  const log = node('main.mjs')
  expect(log.match(/^[0-9a-f]+ Write the (api|docs|ui)$/gm)).toHaveLength(3)
})
