import assert from 'node:assert/strict'
import { codesIn, isOnlyTold, isRepaired } from './diagnosis.js'
import { ABANDON, mergeRequest, PARK } from './requests.js'
import { checkpointed, commitFile } from './work.js'
import type { WorkspaceCheck } from './workspace-case.js'

const BRANCH = 'refs/heads/coppice/fix'

export const refDriftCases: readonly WorkspaceCheck[] = [
  {
    name: 'a branch that was deleted is found and made again',
    check: async (stage) => {
      await checkpointed(stage)
      const tip = await stage.tip('coppice/fix')
      await stage.world.moveRef(BRANCH, null)
      await isRepaired(stage, 'branch-missing')
      assert.equal(await stage.branch('coppice/fix'), tip)
    },
  },
  {
    name: 'a branch that was moved back is found and moved on again',
    check: async (stage) => {
      await checkpointed(stage)
      const tip = await stage.tip('coppice/fix')
      await stage.world.moveRef(BRANCH, await stage.tip('main'))
      await isRepaired(stage, 'branch-moved')
      assert.equal(await stage.branch('coppice/fix'), tip)
    },
  },
  {
    name: 'a branch with somebody’s commits is found, and never moved',
    check: async (stage) => {
      await checkpointed(stage)
      await stage.world.commitTo('coppice/fix', { theirs: 'x\n' })
      await isOnlyTold(stage, 'branch-moved')
    },
  },
  {
    name: 'the branch of a parked task that was deleted, or moved back, is put where it was',
    check: async (stage) => {
      await checkpointed(stage)
      await stage.command(PARK)
      await stage.world.moveRef(BRANCH, null)
      await isRepaired(stage, 'branch-missing')
      await stage.world.moveRef(BRANCH, await stage.tip('main'))
      await isRepaired(stage, 'branch-moved')
    },
  },
  {
    name: 'a pin that was deleted is found and made again',
    check: async (stage) => {
      await checkpointed(stage)
      const { ref = '', commit = null } = stage.task().checkpoint ?? {}
      await stage.world.moveRef(ref, null)
      await isRepaired(stage, 'pin-missing')
      assert.equal((await stage.world.refs())[ref], commit)
    },
  },
  {
    name: 'a pin that holds something else is made again, and what it held is kept',
    check: async (stage) => {
      await checkpointed(stage)
      const { ref = '', commit = null } = stage.task().checkpoint ?? {}
      const main = await stage.tip('main')
      await stage.world.moveRef(ref, main)
      await isRepaired(stage, 'pin-missing')
      assert.equal((await stage.world.refs())[ref], commit)
      assert.deepEqual(await stage.pins('displaced/'), [main])
    },
  },
  {
    name: 'a detached HEAD at the branch, or ahead of it, is found and put on it',
    check: async (stage) => {
      await checkpointed(stage)
      await stage.agent().detach()
      await isRepaired(stage, 'head-elsewhere')
      await stage.agent().detach()
      const commit = await stage.agent().commit('ahead')
      await isRepaired(stage, 'head-elsewhere')
      assert.deepEqual((await stage.content()).head, { branch: 'coppice/fix', commit })
    },
  },
  {
    name: 'a detached HEAD beside the branch is found and left to the agent',
    check: async (stage) => {
      await stage.create()
      await commitFile(stage, 'c', 'x\n')
      await stage.agent().detach(await stage.tip('main'))
      await commitFile(stage, 'd', 'x\n')
      await isOnlyTold(stage, 'head-elsewhere')
    },
  },
  {
    name: 'a branch that came back after its task was done is pinned and deleted, if it is ours',
    check: async (stage) => {
      await checkpointed(stage)
      const tip = await stage.tip('coppice/fix')
      await stage.command(ABANDON)
      await stage.world.moveRef(BRANCH, tip)
      await isRepaired(stage, 'branch-left')
      assert.equal(await stage.branch('coppice/fix'), null)
      await stage.world.commitTo('coppice/fix', { theirs: 'x\n' })
      await isOnlyTold(stage, 'branch-left')
    },
  },
  {
    name: 'a branch like ours of which the log knows nothing is found and left alone',
    check: async (stage) => {
      await stage.world.moveRef('refs/heads/coppice/mine', await stage.tip('main'))
      await isOnlyTold(stage, 'branch-foreign')
    },
  },
  {
    name: 'a landing that is in its branch no more is found and pinned',
    check: async (stage) => {
      const base = await stage.tip('main')
      await checkpointed(stage)
      const { landing } = await stage.command(mergeRequest())
      await stage.world.moveRef('refs/heads/main', base)
      assert.deepEqual(await codesIn(stage), ['landing-unreachable'])
      await stage.engine.repair(false)
      assert.deepEqual(await stage.pins('landed/'), [landing?.commit])
      assert.equal(await stage.tip('main'), base)
      await isOnlyTold(stage, 'landing-unreachable')
    },
  },
  {
    name: 'a target that is gone is found, and is its owner’s to make again',
    check: async (stage) => {
      await stage.world.moveRef('refs/heads/release', await stage.tip('main'))
      await stage.create('fix', { base: 'release' })
      await stage.world.moveRef('refs/heads/release', null)
      await isOnlyTold(stage, 'target-missing')
    },
  },
]
