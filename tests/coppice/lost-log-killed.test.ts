import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openCoppice, startNewLog } from 'coppice'
import { expect, test } from 'vitest'
import { useEnvironment } from '../git-adapter/helpers/environment.js'
import { agentRuns, contentOf } from '../git-adapter/helpers/tree.js'
import { logFile } from '../helpers/damaged-log.js'
import { makeRepository, type TestRepository } from '../helpers/repository.js'
import { damageLog } from './helpers/every-status.js'

const PROGRAM = fileURLToPath(new URL('programs/killed-new-log.mjs', import.meta.url))

/** More steps than there are, so that a test which never comes to the end fails. */
const MANY = 200

/** Every so many steps is tried; 1 for all of them. */
const STRIDE = Number(process.env['COPPICE_TEST_STRIDE'] ?? 5)

test('a new log whose beginning is killed before any of its changes is begun again, and remembers as much', async () => {
  const user = makeRepository({ name: 'all/repo' })
  useEnvironment(user.env)
  const all = join(user.scratch, 'all')
  const { dirty, content } = await damaged(user)
  const copy = join(user.scratch, 'copy')
  execFileSync('cp', ['-a', all, copy])
  const lost = readFileSync(logFile(user))
  let step = 1
  for (; ; step += STRIDE) {
    expect(step).toBeLessThan(MANY)
    rmSync(all, { recursive: true })
    execFileSync('cp', ['-a', copy, all])
    const isKilled = beginKilledAt(user, step)
    await startNewLog({ repo: user.path })
    await using coppice = await openCoppice({ repo: user.path })
    const states = coppice
      .tasks()
      .map(({ state: { id, status, title, into } }) => ({ id, status, title, into }))
    expect(states, `killed at step ${step}`).toEqual([
      { id: 'dirty', status: 'active', title: 'dirty work', into: 'main' },
      { id: 'parked', status: 'parked', title: 'for later', into: 'main' },
    ])
    expect(await coppice.doctor(), `killed at step ${step}`).toMatchObject({ healthy: true })
    expect(contentOf(user, dirty)).toEqual(content)
    expect(coppice.task('dirty').state.checkpoint, `killed at step ${step}`).not.toBeNull()
    expect(keptLogs(user), `killed at step ${step}`).toEqual([lost])
    if (!isKilled) break
  }
  expect(step).toBeGreaterThan(STRIDE)
}, 180_000)

function beginKilledAt(user: TestRepository, step: number): boolean {
  const args = [PROGRAM, user.path, join(user.scratch, 'all'), String(step)]
  const { signal, stdout, stderr } = spawnSync(process.execPath, args, { env: user.env, encoding: 'utf8' })
  if (signal === null && stdout !== 'done\n') throw new Error(stderr)
  return signal === 'SIGKILL'
}

async function damaged(user: TestRepository): Promise<{ dirty: string; content: unknown }> {
  const coppice = await openCoppice({ repo: user.path })
  const { path } = await coppice.create({ id: 'dirty', title: 'dirty work' })
  agentRuns(user, path, 'echo s > s; git add s; echo u > u')
  const parked = await coppice.create({ id: 'parked', title: 'for later' })
  agentRuns(user, parked.path, 'echo p > p')
  await parked.park()
  await coppice.task('dirty').park()
  await coppice.task('dirty').resume()
  await coppice.close()
  damageLog(user, -700)
  return { dirty: path, content: contentOf(user, path) }
}

/** The first segments of all lost logs that were kept. */
function keptLogs(user: TestRepository): Buffer[] {
  const state = join(user.path, '.git/coppice')
  const found = execFileSync('find', [state, '-path', '*lost-log-*/log/00000001.jsonl'], { encoding: 'utf8' })
  return found.split('\n').flatMap((path) => (path === '' ? [] : [readFileSync(path)]))
}
