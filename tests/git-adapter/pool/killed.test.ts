import { openFileLog } from '@coppice/store'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { eventually } from '../../helpers/eventually.js'
import { makeRepository, type TestRepository } from '../../helpers/repository.js'
import { isRunning } from '../helpers/processes.js'
import { openWorld, type World } from '../helpers/world.js'
import { expectTidy, expectWhole, fill, poolOf } from './pooled.js'

const PROGRAM = fileURLToPath(new URL('killed-pool.mjs', import.meta.url))

/** More steps than there are, so that a test which never comes to the end fails. */
const MANY = 200

/** Every so many steps is tried; 1 for all of them, which takes minutes. */
const STRIDE = Number(process.env['COPPICE_TEST_STRIDE'] ?? 7)

type Job = 'fill' | 'create'

/** Whether the job was killed, and did not come to its end before that. */
function killedAt(user: TestRepository, job: Job, step: number): boolean {
  const args = [PROGRAM, user.path, job, 'HEAD', join(user.scratch, 'all'), String(step)]
  const { signal, stdout, stderr } = spawnSync(process.execPath, args, { env: user.env, encoding: 'utf8' })
  if (signal === null && stdout !== 'done\n') throw new Error(stderr)
  return signal === 'SIGKILL'
}

/** Takes a directory back to how it was, in the same place, for names in it are absolute. */
function putBack(directory: string, copy: string): void {
  rmSync(directory, { recursive: true })
  execFileSync('cp', ['-a', copy, directory])
}

async function next(user: TestRepository): Promise<World> {
  return openWorld({ user, log: await openFileLog(join(user.path, '.git/coppice')) })
}

/** Kills a job before every step, from the same beginning, and has the next engine begin where it ended. */
async function expectSurvived(job: Job, before: (world: World) => Promise<unknown>): Promise<void> {
  const user = makeRepository({ name: 'all/repo' })
  await before(await openWorld({ user }))
  const all = join(user.scratch, 'all')
  const copy = join(user.scratch, 'copy')
  execFileSync('cp', ['-a', all, copy])
  let step = 1
  for (; ; step += STRIDE) {
    expect(step).toBeLessThan(MANY)
    putBack(all, copy)
    const isKilled = killedAt(user, job, step)
    const world = await next(user)
    await expectGoesOn(world, step)
    await world.engine.close()
    if (!isKilled) break
  }
  expect(step).toBeGreaterThan(15)
}

async function expectGoesOn(world: World, step: number): Promise<void> {
  await world.engine.recover()
  expect(world.problems, `killed at step ${step}`).toEqual([])
  await expectTidy(world)
  if (world.engine.find('fix') === null) await world.engine.create({ id: 'fix' })
  await expectWhole(world, 'fix')
  expect(world.user.git('worktree', 'list').split('\n')).toHaveLength(2)
  expect(await fill(world)).toHaveLength(1)
  await expectTidy(world)
}

test(
  'whenever a fill is killed, the next opening leaves nothing of it that is not whole',
  { timeout: 600_000 },
  () => expectSurvived('fill', () => Promise.resolve()),
)

test(
  'whenever a fill is killed that takes away what does not fit any more, so is it',
  { timeout: 600_000 },
  () =>
    expectSurvived('fill', async (world) => {
      await fill(world, { size: 2 })
      world.user.git('config', 'core.eol', 'crlf')
    }),
)

test.each([
  ['at its base', 'HEAD'],
  ['at another commit', 'HEAD~1'],
])(
  'whenever a creation is killed that takes a ready worktree %s, the task is made once, and whole',
  { timeout: 600_000 },
  (_, at) => expectSurvived('create', (world) => fill(world, { revisions: [at] })),
)

test('what a git process goes on with whose engine was killed is swept when it has ended', async () => {
  const user = makeRepository()
  const pid = join(user.scratch, 'pid')
  const go = join(user.scratch, 'go')
  user.commit('.gitattributes', 'src/greeting.txt filter=slow\n')
  user.git('config', 'filter.slow.smudge', `echo $$ > ${pid}; until [ -e ${go} ]; do sleep 0.01; done; cat`)
  const child = spawn(process.execPath, [PROGRAM, user.path, 'fill', 'HEAD', user.scratch, '10000'], {
    env: user.env,
    stdio: 'ignore',
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  await eventually(() => existsSync(pid) && readFileSync(pid, 'utf8').endsWith('\n'))
  child.kill('SIGKILL')
  await once(child, 'close')
  const world = await next(user)
  await world.engine.recover()
  await world.workspace.tidy()
  expect(await world.workspace.spares()).toEqual([])
  execFileSync('touch', [go])
  await eventually(() => !isRunning(readFileSync(pid, 'utf8').trim()))
  await eventually(async () => {
    await world.workspace.tidy()
    return poolOf(world).length === 0
  })
  await world.engine.create({ id: 'fix' })
  await expectWhole(world, 'fix')
  await world.engine.close()
})
