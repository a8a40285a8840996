import assert from 'node:assert/strict'
import { checkpointed, commitFile, edit } from './work.js'
import type { WorkspaceCheck } from './workspace-case.js'

export const checkpointCases: readonly WorkspaceCheck[] = [
  {
    name: 'a worktree that is as it was made needs no checkpoint',
    check: async (stage) => {
      await stage.create()
      await stage.leavesAlone(() => stage.engine.checkpoint('fix', undefined))
      assert.equal(stage.task().checkpoint, null)
    },
  },
  {
    name: 'a checkpoint holds what is committed, staged, changed and untracked, empty files too, and changes nothing',
    check: async (stage) => {
      await stage.create()
      await edit(stage)
      const before = await stage.content()
      const checkpoint = await stage.engine.checkpoint('fix', 'so far')
      assert.deepEqual(await stage.content(), before)
      assert.ok(checkpoint !== null)
      const { number, ref, commit, head, branch, tip, rawIndex, uncaptured } = checkpoint
      assert.deepEqual(
        { number, ref, head, branch, tip, rawIndex, uncaptured },
        {
          number: 1,
          ref: 'refs/coppice/fix/checkpoints/1',
          head: before.head?.commit,
          branch: 'coppice/fix',
          tip: before.head?.commit,
          rawIndex: null,
          uncaptured: [],
        },
      )
      assert.equal((await stage.world.refs())[ref], commit)
      assert.deepEqual(await stage.world.filesAt(commit), before.files)
      const [first, staged] = await stage.world.parentsOf(commit)
      assert.equal(first, head)
      assert.ok(staged !== undefined)
      assert.deepEqual(await stage.world.filesAt(staged), before.staged)
    },
  },
  {
    name: 'the commit itself is pinned where there is nothing beside it',
    check: async (stage) => {
      await stage.create()
      const commit = await commitFile(stage, 'c', 'x\n')
      assert.equal((await stage.engine.checkpoint('fix', undefined))?.commit, commit)
    },
  },
  {
    name: 'what has not changed since the last checkpoint needs no other one',
    check: async (stage) => {
      await checkpointed(stage)
      await stage.leavesAlone(() => stage.engine.checkpoint('fix', undefined))
      await stage.agent().remove('s')
      assert.equal((await stage.engine.checkpoint('fix', undefined))?.number, 2)
      assert.equal((await stage.pins('checkpoints/')).length, 2)
    },
  },
  {
    name: 'a checkpoint whose fact was not recorded is taken over, as long as it is the same',
    check: async (stage) => {
      const task = await stage.create()
      await edit(stage)
      const first = await stage.perform('checkpoint', task)
      assert.deepEqual(await stage.perform('checkpoint', task, {}, await stage.world.open()), first)
      await stage.agent().write('more', 'x\n')
      const next = await stage.perform('checkpoint', task)
      assert.equal(next.kind === 'pinned' && next.checkpoint.number, 2)
      assert.equal((await stage.pins('checkpoints/')).length, 2)
    },
  },
  {
    name: 'a checkpoint says where HEAD was, and holds the branch’s commits where HEAD is elsewhere',
    check: async (stage) => {
      await stage.create()
      const tip = await commitFile(stage, 'c', 'x\n')
      await stage.agent().detach(await stage.tip('main'))
      await stage.agent().write('u', 'x\n')
      const checkpoint = await stage.engine.checkpoint('fix', undefined)
      assert.deepEqual(checkpoint && [checkpoint.head, checkpoint.branch, checkpoint.tip], [
        await stage.tip('main'),
        null,
        tip,
      ])
      assert.ok((await stage.world.parentsOf(checkpoint?.commit ?? '')).includes(tip))
    },
  },
  {
    name: 'a worktree whose directory is gone is missing, and nothing is pinned of it',
    check: async (stage) => {
      const task = await stage.create()
      await stage.world.deleteDirectory(task.path)
      await stage.leavesAlone(async () =>
        assert.deepEqual(await stage.perform('checkpoint', task), { kind: 'missing' }),
      )
    },
  },
]
