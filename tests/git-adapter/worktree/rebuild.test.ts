import type { TaskState } from '@coppice/core'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ABANDON, PARK, RESTORE, RESUME } from '../../core/helpers/requests.js'
import { debrisOf } from '../helpers/debris.js'
import { agentRuns, contentOf, filesIn, gitIn } from '../helpers/tree.js'
import { openWorld, typesOf, type World } from '../helpers/world.js'

interface Edited {
  readonly world: World
  readonly task: TaskState
}

const WORK = 'echo c > c; git add c; git commit -qm c; echo s > s; git add s; echo u > u'

async function checkpointed(script = WORK): Promise<Edited> {
  const world = await openWorld()
  const { path } = await world.engine.create({ id: 'fix' })
  agentRuns(world.user, path, script)
  await world.engine.checkpoint('fix', undefined)
  return { world, task: world.engine.find('fix')! }
}

async function lose({ world, task }: Edited): Promise<void> {
  rmSync(task.path, { recursive: true })
  await world.engine.recover()
  expect(world.problems).toEqual([])
  expect(debrisOf(world)).toEqual([])
  expect(world.engine.find('fix')).toMatchObject({ status: 'active', worktree: 'present' })
}

const commitIn = ({ world, task }: Edited, script: string): string => {
  agentRuns(world.user, task.path, script)
  return gitIn(world.user, task.path, 'rev-parse', 'HEAD').trim()
}

describe('a worktree whose directory is gone is rebuilt', () => {
  test('with the files and the index of the last checkpoint', async () => {
    const found = await checkpointed()
    const before = contentOf(found.world.user, found.task.path)
    await lose(found)
    expect(contentOf(found.world.user, found.task.path)).toEqual(before)
    expect((await typesOf(found.world)).slice(-2)).toEqual(['worktree.lost', 'worktree.rebuilt'])
  })

  test('without a checkpoint, at the newest commit of the branch', async () => {
    const world = await openWorld()
    const task = await world.engine.create({ id: 'fix' })
    const head = commitIn({ world, task }, WORK)
    await lose({ world, task })
    expect(gitIn(world.user, task.path, 'status', '--porcelain=v2', '--branch')).toBe(
      `# branch.oid ${head}\n# branch.head coppice/fix\n`,
    )
  })

  test('at a commit that was made since the last checkpoint, whose uncommitted files stay pinned', async () => {
    const found = await checkpointed()
    const head = commitIn(found, 'git add u; git commit -qm later')
    await lose(found)
    expect(contentOf(found.world.user, found.task.path).head).toBe(`ref: refs/heads/coppice/fix\n${head}\n`)
    expect(Object.keys(filesIn(found.task.path))).toContain('u')
    expect(found.world.user.git('cat-file', '-p', `${found.task.checkpoint!.tree}:u`)).toBe('u')
  })

  test('on a detached HEAD whose commits no branch has', async () => {
    const found = await checkpointed()
    const head = commitIn(found, 'git checkout -q --detach; git commit -qm detached')
    await lose(found)
    expect(contentOf(found.world.user, found.task.path).head).toBe(`${head}\n${head}\n`)
    expect(found.world.user.git('for-each-ref', '--points-at', head, 'refs/coppice/fix/')).not.toBe('')
  })

  test('on the other branch that HEAD was on', async () => {
    const found = await checkpointed()
    const head = commitIn(found, 'git checkout -qb side; git commit -qm side')
    await lose(found)
    expect(contentOf(found.world.user, found.task.path).head).toBe(`ref: refs/heads/side\n${head}\n`)
  })

  test('with what was staged since the last checkpoint pinned, for git still holds it', async () => {
    const found = await checkpointed()
    agentRuns(found.world.user, found.task.path, 'echo precious > new; git add new')
    await lose(found)
    const pins = found.world.user
      .git('for-each-ref', '--format=%(refname)', 'refs/coppice/fix/salvaged/')
      .split('\n')
    expect(pins.map((pin) => found.world.user.git('cat-file', '-p', `${pin}:new`))).toEqual(['precious'])
  })

  test('when its entry was pruned as well', async () => {
    const found = await checkpointed()
    const before = contentOf(found.world.user, found.task.path)
    rmSync(found.task.path, { recursive: true })
    found.world.user.git('worktree', 'prune')
    await found.world.engine.recover()
    expect(contentOf(found.world.user, found.task.path)).toEqual(before)
    expect(debrisOf(found.world)).toEqual([])
  })

  test('when its entry was pruned and HEAD had been detached', async () => {
    const found = await checkpointed(`${WORK}; git checkout -q --detach; git commit -qm d; echo x > x`)
    const before = contentOf(found.world.user, found.task.path)
    rmSync(found.task.path, { recursive: true })
    found.world.user.git('worktree', 'prune')
    await found.world.engine.recover()
    expect(contentOf(found.world.user, found.task.path)).toEqual(before)
  })

  test.each(['as last checkpointed', 'with a commit since'])(
    'when its branch was deleted too, %s',
    async (when) => {
      const found = await checkpointed()
      const head =
        when === 'with a commit since' ? commitIn(found, 'git commit -qm since') : found.task.checkpoint!.head
      rmSync(found.task.path, { recursive: true })
      found.world.user.git('update-ref', '-d', 'refs/heads/coppice/fix')
      await found.world.engine.recover()
      expect(found.world.problems).toEqual([])
      expect(found.world.user.git('rev-parse', 'coppice/fix')).toBe(head)
      expect(gitIn(found.world.user, found.task.path, 'rev-parse', 'HEAD').trim()).toBe(head)
    },
  )

  test('when entry and branch are both gone, from the checkpoint alone', async () => {
    const found = await checkpointed()
    const before = contentOf(found.world.user, found.task.path)
    rmSync(found.task.path, { recursive: true })
    found.world.user.git('worktree', 'prune')
    found.world.user.git('branch', '--quiet', '-D', 'coppice/fix')
    await found.world.engine.recover()
    expect(contentOf(found.world.user, found.task.path)).toEqual(before)
  })

  test('before a checkpoint, a merge or a start of an agent goes on', async () => {
    const found = await checkpointed()
    rmSync(found.task.path, { recursive: true })
    expect(await found.world.engine.checkpoint('fix', undefined)).toMatchObject({ number: 1 })
    expect(existsSync(join(found.task.path, 'u'))).toBe(true)
  })

  test('once, though the engine died between making it and recording it', async () => {
    const found = await checkpointed()
    const { world, task } = found
    rmSync(task.path, { recursive: true })
    const lost = { ...task, worktree: 'lost' as const }
    await world.workspace.rebuild(lost, { at: new Date().toISOString() })
    writeFileSync(join(task.path, 'since'), 'x')
    const again = await world.workspace.rebuild(lost, { at: new Date().toISOString() })
    expect(again).toMatchObject({ kind: 'rebuilt', data: { head: task.checkpoint!.head } })
    expect(existsSync(join(task.path, 'since'))).toBe(true)
  })
})

test('what somebody put in the place of a lost worktree is left there, and is told', async () => {
  const { world, task } = await checkpointed()
  rmSync(task.path, { recursive: true })
  await world.workspace.look(task)
  rmSync(task.gitDir!, { recursive: true })
  mkdirSync(task.path)
  writeFileSync(join(task.path, 'mine'), 'x')
  const outcome = await world.workspace.rebuild(task, { at: new Date().toISOString() })
  expect(outcome).toMatchObject({ kind: 'deferred', failure: { code: 'worktree-broken' } })
  expect(existsSync(join(task.path, 'mine'))).toBe(true)
})

test('a parked task resumes from its checkpoint though its branch was deleted', async () => {
  const { world, task } = await checkpointed()
  const before = contentOf(world.user, task.path)
  await world.engine.command('fix', PARK)
  world.user.git('branch', '--quiet', '-D', 'coppice/fix')
  await world.engine.command('fix', RESUME)
  expect(contentOf(world.user, task.path)).toEqual(before)
})

test('a parked task whose branch was moved is not resumed over it, and says how to go on', async () => {
  const { world } = await checkpointed()
  await world.engine.command('fix', PARK)
  world.user.git('branch', '--force', 'coppice/fix', 'HEAD~1')
  expect(await world.engine.command('fix', RESUME)).toMatchObject({
    status: 'failed',
    failure: { code: 'branch-moved' },
  })
  expect(world.user.git('rev-parse', 'coppice/fix')).toBe(world.user.git('rev-parse', 'HEAD~1'))
})

test.each([
  ['parked and resumed', PARK, RESUME],
  ['abandoned and restored', ABANDON, RESTORE],
])(
  'a task that is %s unseen comes back with the commits that were made since its last checkpoint',
  async (_, away, back) => {
    const found = await checkpointed()
    const { world, task } = found
    const commit = commitIn(found, 'echo z > z; git add z; git commit -qm z')
    rmSync(task.path, { recursive: true })
    await world.engine.command('fix', away)
    await world.engine.command('fix', back)
    expect(world.engine.find('fix')).toMatchObject({ status: 'active', worktree: 'present' })
    expect(gitIn(world.user, task.path, 'rev-parse', 'HEAD').trim()).toBe(commit)
  },
)
