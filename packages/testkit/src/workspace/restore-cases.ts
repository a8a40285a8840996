import assert from 'node:assert/strict'
import { ABANDON, PARK, RESTORE, RESUME } from './requests.js'
import type { Stage } from './stage.js'
import { checkpointed, commitFile, edit } from './work.js'
import type { WorkspaceCheck } from './workspace-case.js'

/** Ways to leave HEAD, each with edits on top. */
const HEADS: Readonly<Record<string, (stage: Stage) => Promise<unknown>>> = {
  'on the task’s branch': async () => undefined,
  detached: async (stage) => {
    await stage.agent().detach()
    await commitFile(stage, 'd', 'x\n')
  },
  'on another branch': async (stage) => {
    await stage.agent().branchOff('side')
    await commitFile(stage, 'd', 'x\n')
  },
}

const comebacks: readonly WorkspaceCheck[] = Object.entries(HEADS).flatMap(([where, leave]) =>
  [
    { away: PARK, back: RESUME, name: 'parked' },
    { away: ABANDON, back: RESTORE, name: 'abandoned' },
  ].map(({ away, back, name }) => ({
    name: `a task that was ${name} comes back with HEAD ${where}, what was staged, and every file`,
    check: async (stage: Stage) => {
      await stage.create()
      await leave(stage)
      await edit(stage)
      const before = await stage.content()
      await stage.command(away)
      assert.equal(await stage.isThere(), false)
      await stage.command(back)
      assert.deepEqual(await stage.content(), before)
      await stage.engine.checkpoint('fix', undefined)
      assert.equal((await stage.pins('checkpoints/')).length, 1)
    },
  })),
)

export const restoreCases: readonly WorkspaceCheck[] = [
  ...comebacks,
  {
    name: 'a parked task keeps its branch, and an abandoned one gets it back',
    check: async (stage) => {
      await checkpointed(stage)
      const tip = await stage.tip('coppice/fix')
      await stage.command(PARK)
      assert.equal(await stage.branch('coppice/fix'), tip)
      await stage.command(ABANDON)
      assert.equal(await stage.branch('coppice/fix'), null)
      await stage.command(RESTORE)
      assert.equal(await stage.branch('coppice/fix'), tip)
      await stage.isSound()
    },
  },
  {
    name: 'a parked task comes back from its checkpoint though its branch was deleted',
    check: async (stage) => {
      await checkpointed(stage)
      const before = await stage.content()
      await stage.command(PARK)
      await stage.world.moveRef('refs/heads/coppice/fix', null)
      await stage.command(RESUME)
      assert.deepEqual(await stage.content(), before)
    },
  },
  {
    name: 'a parked task whose branch was moved is not brought back over it',
    check: async (stage) => {
      await checkpointed(stage)
      await stage.command(PARK)
      const main = await stage.tip('main')
      await stage.world.moveRef('refs/heads/coppice/fix', main)
      const task = await stage.command(RESUME)
      assert.deepEqual([task.status, task.failure?.code], ['failed', 'branch-moved'])
      assert.equal(await stage.branch('coppice/fix'), main)
      assert.equal(await stage.isThere(), false)
    },
  },
  {
    name: 'a parked task with nothing beside its commits follows its branch where that went on',
    check: async (stage) => {
      await stage.create()
      await commitFile(stage, 'c', 'x\n')
      await stage.command(PARK)
      const commit = await stage.world.commitTo('coppice/fix', { stacked: 'x\n' })
      await stage.command(RESUME)
      const { head, staged, files } = await stage.content()
      assert.deepEqual(head, { branch: 'coppice/fix', commit })
      assert.deepEqual(
        [staged, files],
        [await stage.world.filesAt(commit), await stage.world.filesAt(commit)],
      )
    },
  },
]
