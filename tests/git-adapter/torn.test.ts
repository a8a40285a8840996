import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cutPower } from './helpers/power-cut.js'
import { agentRuns, gitIn } from './helpers/tree.js'
import { openWorld, type World } from './helpers/world.js'

/** A task with a checkpoint, and two more commits of its agent's. */
async function committed(): Promise<{ world: World; path: string; first: string }> {
  const world = await openWorld()
  const { path } = await world.engine.create({ id: 'fix' })
  agentRuns(world.user, path, 'echo one > one; git add one; git commit -qm one')
  await world.engine.checkpoint('fix', undefined)
  return { world, path, first: gitIn(world.user, path, 'rev-parse', 'HEAD').trim() }
}

const MORE =
  'echo two > two; git add two; git commit -qm two; echo three > three; git add three; git commit -qm three'

test.each([0, 100])(
  'commits that a power cut has emptied, leaving %i zeros, leave the branch, and the files stay',
  async (zeros) => {
    const { world, path, first } = await committed()
    const { user, engine, problems } = world
    cutPower(world, () => agentRuns(user, path, MORE), zeros)
    await engine.recover()
    expect(problems).toEqual([])
    expect(user.git('rev-parse', 'coppice/fix')).toBe(first)
    expect(gitIn(user, path, 'status', '--porcelain')).toBe('?? three\n?? two\n')
    expect(user.git('fsck', '--full', '--no-dangling', '--no-reflogs')).toBe('')
    expect(await engine.checkpoint('fix', undefined)).toMatchObject({ number: 2 })
  },
)

test('an agent that stages the same content again has it stored again', async () => {
  const { world, path } = await committed()
  const { user, engine } = world
  cutPower(world, () => agentRuns(user, path, 'echo two > two; git add two'))
  await engine.recover()
  agentRuns(user, path, 'git add two; git commit -qm two')
  expect(gitIn(user, path, 'show', 'HEAD:two')).toBe('two\n')
  expect(user.git('fsck', '--full', '--no-dangling', '--no-reflogs')).toBe('')
})

test('a staged file whose object is lost is staged no more, and its file stays', async () => {
  const { world, path } = await committed()
  const { user, engine } = world
  cutPower(world, () => agentRuns(user, path, 'echo two > two; git add two'))
  await engine.recover()
  expect(gitIn(user, path, 'status', '--porcelain')).toBe('?? two\n')
})

test('objects are looked at once after each boot', async () => {
  const { world } = await committed()
  const boot = join(world.repository.commonDir, 'coppice/boot')
  await world.engine.recover()
  const { mtimeMs } = statSync(boot)
  await world.engine.recover()
  expect(statSync(boot).mtimeMs).toBe(mtimeMs)
})

test.each(['', '\0\0\0\0\0\0'])('an entry of git’s whose files say %j is put right', async (nothing) => {
  const { world, path } = await committed()
  const { user, engine, repository } = world
  const entry = join(repository.commonDir, 'worktrees/fix+coppice')
  for (const name of ['commondir', 'gitdir', 'HEAD']) writeFileSync(join(entry, name), nothing)
  const { failed, diagnosis } = await engine.repair(false)
  expect(failed).toEqual([])
  expect(diagnosis).toEqual({ healthy: true, drifts: [] })
  expect(gitIn(user, path, 'status', '--porcelain', '--branch')).toBe('## coppice/fix\n')
})
