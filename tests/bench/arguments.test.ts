import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { bench } from './run-bench.js'

test.each([
  [['logs'], 'name one of the benchmarks, or none for all: log, tasks'],
  [['log', 'tasks'], 'name one of the benchmarks, or none for all: log, tasks'],
  [['--out', 'all.md'], '--out takes the name of a benchmark'],
  [['log', '--rounds', '0'], '--rounds is a whole number from 1 to 100, not "0"'],
  [['log', '--rounds', '101'], '--rounds is a whole number from 1 to 100, not "101"'],
  [['log', '--dir', '/nowhere'], '--dir has to be a directory that is there; "/nowhere" is not'],
  [['log', '--fast'], "Unknown option '--fast'"],
  [['log', '--only', 'create'], '--only and --files are not for log'],
  [['tasks', '--only', 'create,fly'], 'scale; not "create,fly"'],
  [['tasks', '--files', '199'], '--files is a whole number from 200 to 200000, not "199"'],
  [['tasks', '--files', '200001'], '--files is a whole number from 200 to 200000, not "200001"'],
])('%j is refused before anything is measured', async (args, message) => {
  const run = await bench(tmpdir(), ...args)
  expect(run.code).toBe(2)
  expect(run.stderr).toContain(message)
  expect(run.stderr).toContain('pnpm bench [name]')
  expect(run.stdout).toBe('')
})
