import assert from 'node:assert/strict'
import { ABANDON, PARK } from './requests.js'
import { checkpointed, commitFile, edit } from './work.js'
import type { WorkspaceCheck } from './workspace-case.js'

export const removeCases: readonly WorkspaceCheck[] = [
  {
    name: 'a removal pins first what no checkpoint holds, and takes nothing away then',
    check: async (stage) => {
      const task = { ...(await stage.create()), status: 'abandoned' as const }
      await edit(stage)
      const before = await stage.content()
      const outcome = await stage.perform('remove', task)
      assert.equal(outcome.kind, 'pinned')
      assert.deepEqual(await stage.content(), before)
      const recorded = { ...task, checkpoint: outcome.kind === 'pinned' ? outcome.checkpoint : null }
      assert.deepEqual(await stage.perform('remove', recorded), { kind: 'removed' })
      assert.equal(await stage.isThere(), false)
      assert.equal(await stage.branch(task.branch), null)
    },
  },
  {
    name: 'a removal that is done again has nothing left to do',
    check: async (stage) => {
      await checkpointed(stage)
      const task = { ...stage.task(), status: 'abandoned' as const }
      assert.deepEqual(await stage.perform('remove', task), { kind: 'removed' })
      const another = await stage.world.open()
      await stage.leavesAlone(async () =>
        assert.deepEqual(await stage.perform('remove', task, {}, another), { kind: 'removed' }),
      )
    },
  },
  {
    name: 'what is written just before a removal is pinned, too',
    check: async (stage) => {
      await checkpointed(stage)
      stage.before('remove', () => stage.agent().write('late', 'x\n'))
      await stage.command(ABANDON)
      const { checkpoint } = stage.task()
      assert.equal((await stage.world.filesAt(checkpoint?.commit ?? ''))['late'], 'x\n')
      await stage.isSound()
    },
  },
  {
    name: 'a removal holds the commits that were amended away',
    check: async (stage) => {
      await stage.create()
      const discarded = await commitFile(stage, 'c', 'x\n')
      await stage.agent().amend('another message')
      await stage.command(ABANDON)
      const [holder] = await stage.pins('discarded/')
      assert.deepEqual(await stage.world.parentsOf(holder ?? ''), [discarded])
    },
  },
  {
    name: 'a branch that has gone on behind the worktree’s back is pinned before it is deleted',
    check: async (stage) => {
      await checkpointed(stage)
      await stage.command(PARK)
      const commit = await stage.world.commitTo('coppice/fix', { theirs: 'x\n' })
      await stage.command(ABANDON)
      assert.equal(await stage.branch('coppice/fix'), null)
      assert.deepEqual(await stage.pins('tips/'), [commit])
    },
  },
  {
    name: 'a locked worktree is left where it is, unless that is forced',
    check: async (stage) => {
      await checkpointed(stage)
      await stage.world.lockWorktree(stage.task().path)
      const task = { ...stage.task(), status: 'parked' as const }
      const before = await stage.content()
      const outcome = await stage.perform('remove', task)
      assert.equal(outcome.kind === 'deferred' && outcome.failure.code, 'worktree-locked')
      assert.deepEqual(await stage.content(), before)
      assert.deepEqual(await stage.perform('remove', task, { force: true }), { kind: 'removed' })
    },
  },
  {
    name: 'a branch on which somebody else stands is left to them',
    check: async (stage) => {
      await stage.create()
      await stage.agent().detach()
      await stage.world.addWorktree('mine', 'coppice/fix')
      await stage.command(ABANDON)
      assert.equal(await stage.isThere(), false)
      assert.notEqual(await stage.branch('coppice/fix'), null)
      assert.equal(stage.problems.length, 1)
    },
  },
  {
    name: 'what somebody put in the worktree’s place is left there',
    check: async (stage) => {
      await checkpointed(stage)
      const task = { ...stage.task(), status: 'abandoned' as const }
      await stage.world.deleteDirectory(task.path)
      await stage.world.makeDirectory(task.path)
      await stage.leavesAlone(async () => {
        const outcome = await stage.perform('remove', task)
        assert.equal(outcome.kind === 'deferred' && outcome.failure.code, 'worktree-broken')
      })
    },
  },
  {
    name: 'of a worktree that is gone already, what git still holds is pinned',
    check: async (stage) => {
      await checkpointed(stage)
      await stage.agent().write('s2', 'staged\n')
      await stage.agent().stage('s2')
      await stage.world.deleteDirectory(stage.task().path)
      await stage.command(ABANDON)
      const pins = await stage.pins('salvaged/')
      const files = await Promise.all(pins.map((pin) => stage.world.filesAt(pin)))
      assert.ok(files.some((each) => each['s2'] === 'staged\n'))
      await stage.isSound()
    },
  },
  {
    name: 'a removal leaves other tasks, and worktrees of people, alone',
    check: async (stage) => {
      await checkpointed(stage)
      await stage.create('fix-2')
      await stage.world.moveRef('refs/heads/coppice/mine', await stage.tip('main'))
      const mine = await stage.world.addWorktree('mine', 'coppice/mine')
      const before = [await stage.content('fix-2'), await stage.world.look(mine)]
      await stage.command(ABANDON)
      assert.deepEqual([await stage.content('fix-2'), await stage.world.look(mine)], before)
    },
  },
]
