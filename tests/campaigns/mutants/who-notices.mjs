import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { atEnd } from '../cleanup.mjs'
import { endMarked, endProcess } from '../marked-processes.mjs'

/** A test that is not over by then goes round in circles; some go on for ever where the code does. */
const LIMIT_MS = 600_000

/**
 * Runs tests up to the first that fails, in one process at a time, and answers with the file and the name of that one; null
 * where all of them pass.
 */
export async function whoNotices(copy, tests) {
  const report = join(copy, 'report.json')
  rmSync(report, { force: true })
  const options = ['--bail', '1', '--maxWorkers', '1', '--reporter', 'json', '--outputFile', report]
  const vitest = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...options, ...tests], {
    cwd: copy,
    env: { ...process.env, NO_COLOR: '1', COPPICE_MUTANTS: copy },
    stdio: 'ignore',
    // A group of its own, which ends with this process: its workers would outlive it.
    detached: true,
  })
  const forget = atEnd(() => endProcess(-vitest.pid))
  const limit = setTimeout(() => endProcess(-vitest.pid), LIMIT_MS)
  const [status] = await once(vitest, 'exit')
  clearTimeout(limit)
  await endMarked(copy)
  forget()
  if (status === 0) return null
  return firstFailure(copy, report) ?? { file: tests[0], name: 'no test comes to its end any more' }
}

function firstFailure(copy, report) {
  if (!existsSync(report)) return null
  for (const { name: path, status, assertionResults } of JSON.parse(readFileSync(report, 'utf8'))
    .testResults) {
    const failed = assertionResults.find((each) => each.status === 'failed')
    const file = relative(copy, path)
    if (failed !== undefined) return { file, name: failed.fullName }
    if (status === 'failed') return { file, name: 'the file cannot be loaded' }
  }
  return null
}
