import assert from 'node:assert/strict'
import { isOnlyTold, isRepaired } from './diagnosis.js'
import { ABANDON, mergeRequest, PARK } from './requests.js'
import { checkpointed, commitFile } from './work.js'
import type { WorkspaceCheck } from './workspace-case.js'

export const placeDriftCases: readonly WorkspaceCheck[] = [
  {
    name: 'of tasks in every walk of life nothing is found where nothing is wrong',
    check: async (stage) => {
      await stage.create('fresh')
      await stage.create('parked')
      await stage.command(PARK, 'parked')
      await stage.create('abandoned')
      await stage.command(ABANDON, 'abandoned')
      await checkpointed(stage)
      await stage.command(mergeRequest())
      await stage.create('later')
      await commitFile(stage, 'c2', 'x\n', 'later')
      await stage.isSound()
    },
  },
  {
    name: 'a directory that is gone is found and made anew',
    check: async (stage) => {
      await checkpointed(stage)
      const before = await stage.content()
      await stage.world.deleteDirectory(stage.task().path)
      await isRepaired(stage, 'worktree-missing')
      assert.deepEqual(await stage.content(), before)
    },
  },
  {
    name: 'an entry that is gone is found and made anew, and no file is touched',
    check: async (stage) => {
      await checkpointed(stage)
      const before = await stage.content()
      await stage.world.deleteEntry(stage.task().gitDir ?? '')
      await isRepaired(stage, 'entry-missing')
      assert.deepEqual(await stage.content(), before)
    },
  },
  {
    name: 'a .git file that names something else is found and put right',
    check: async (stage) => {
      await checkpointed(stage)
      const before = await stage.content()
      await stage.world.pointTo(stage.task().path, '/nowhere/.git/worktrees/fix')
      await isRepaired(stage, 'pointer-broken')
      assert.deepEqual(await stage.content(), before)
    },
  },
  {
    name: 'a worktree of somebody’s own is found and left alone',
    check: async (stage) => {
      await stage.world.moveRef('refs/heads/side', await stage.tip('main'))
      await stage.world.addWorktree('mine', 'side')
      await isOnlyTold(stage, 'worktree-foreign')
    },
  },
  {
    name: 'something in the place of a parked task’s worktree is found and left alone',
    check: async (stage) => {
      await checkpointed(stage)
      await stage.command(PARK)
      await stage.world.makeDirectory(stage.task().path)
      await isOnlyTold(stage, 'place-occupied')
    },
  },
  {
    name: 'something in the place of a task’s worktree is found and left alone',
    check: async (stage) => {
      await checkpointed(stage)
      const { path, gitDir } = stage.task()
      await stage.world.deleteEntry(gitDir ?? '')
      await stage.world.deleteDirectory(path)
      await stage.world.makeDirectory(path)
      await isOnlyTold(stage, 'place-occupied')
    },
  },
  {
    name: 'what has nothing of a worktree in its place is never read, nor tied to git’s entry of it',
    check: async (stage) => {
      await checkpointed(stage)
      const { path } = stage.task()
      await stage.world.deleteDirectory(path)
      await stage.world.makeDirectory(path)
      const broken = { code: 'worktree-broken' }
      await stage.leavesAlone(async () => {
        await assert.rejects(stage.engine.checkpoint('fix', undefined), broken)
        await assert.rejects(stage.command(mergeRequest()), broken)
      })
      await isOnlyTold(stage, 'place-occupied')
    },
  },
  {
    name: 'a worktree that was moved is found, and tied together again where it is',
    check: async (stage) => {
      await checkpointed(stage)
      const to = `${stage.task().path}-moved`
      await stage.world.moveWorktree(stage.task().path, to)
      await isRepaired(stage, 'worktree-moved')
      assert.equal(stage.task().path, to)
    },
  },
  {
    name: 'a locked worktree is told of, and its lock is left',
    check: async (stage) => {
      await checkpointed(stage)
      await stage.world.lockWorktree(stage.task().path)
      await isOnlyTold(stage, 'worktree-locked')
    },
  },
]
