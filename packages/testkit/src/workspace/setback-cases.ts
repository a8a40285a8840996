import type { CommandData, MergeRejectionReason } from '@coppice/core'
import assert from 'node:assert/strict'
import { mergeRequest } from './requests.js'
import type { Stage } from './stage.js'
import { commitFile, edit } from './work.js'
import type { WorkspaceCheck } from './workspace-case.js'

/** A merge that must come back, with the branches and the worktree as they were. */
async function comesBack(stage: Stage, wish: Partial<CommandData['task.merge']> = {}) {
  await stage.engine.checkpoint('fix', undefined)
  const [branches, content] = [await branchesOf(stage), await stage.content()]
  const task = await stage.command(mergeRequest(wish))
  assert.equal(task.status, 'active')
  assert.deepEqual([await branchesOf(stage), await stage.content()], [branches, content])
  return task.setback
}

async function branchesOf(stage: Stage): Promise<object> {
  return Object.entries(await stage.world.refs()).filter(([ref]) => ref.startsWith('refs/heads/'))
}

async function isRejected(
  stage: Stage,
  reason: MergeRejectionReason,
  wish: Partial<CommandData['task.merge']> = {},
): Promise<void> {
  const setback = await comesBack(stage, wish)
  assert.equal(setback?.kind === 'rejected' && setback.reason, reason)
}

const conflicts = (['merge', 'squash', 'rebase'] as const).map((strategy) => ({
  name: `a conflict of a ${strategy} names its files, and the task goes on`,
  check: async (stage: Stage) => {
    await stage.create()
    await commitFile(stage, 'both', 'theirs\n')
    await commitFile(stage, 'fine', 'x\n')
    await stage.world.commitTo('main', { both: 'ours\n' })
    assert.deepEqual(await comesBack(stage, { strategy }), {
      kind: 'conflicted',
      files: ['both'],
      fileCount: 1,
    })
    await stage.world.commitTo('main', { both: null })
    assert.equal((await stage.command(mergeRequest({ strategy }))).status, 'merged')
  },
}))

const DELETED = [
  { who: 'the task', task: null, base: 'changed\n' },
  { who: 'the base', task: 'changed\n', base: null },
]

const deletions = DELETED.map(({ who, task, base }) => ({
  name: `a file that ${who} deleted and the other side changed is a conflict`,
  check: async (stage: Stage) => {
    await stage.world.commitTo('main', { file: 'x\n' })
    await stage.create()
    const agent = stage.agent()
    await (task === null ? agent.remove('file') : agent.write('file', task))
    await agent.stage()
    await agent.commit('change the file')
    await stage.world.commitTo('main', { file: base })
    assert.deepEqual(await comesBack(stage), { kind: 'conflicted', files: ['file'], fileCount: 1 })
  },
}))

export const setbackCases: readonly WorkspaceCheck[] = [
  ...conflicts,
  ...deletions,
  {
    name: 'a task is not merged into its own branch, which would go with it',
    check: async (stage) => {
      await stage.create()
      await edit(stage)
      await isRejected(stage, 'error', { into: 'coppice/fix' })
    },
  },
  {
    name: 'ff is refused where the base went on',
    check: async (stage) => {
      await stage.create()
      await commitFile(stage, 'c', 'x\n')
      await stage.world.commitTo('main', { meanwhile: 'x\n' })
      await isRejected(stage, 'not-fast-forward', { strategy: 'ff' })
    },
  },
  {
    name: 'a merge into a branch that is not there is refused',
    check: async (stage) => {
      await stage.create()
      await edit(stage)
      await isRejected(stage, 'base-missing', { into: 'no-such-branch' })
    },
  },
  {
    name: 'a merge is refused where the task’s branch has commits that HEAD has not',
    check: async (stage) => {
      await stage.create()
      await commitFile(stage, 'a', 'x\n')
      await stage.agent().detach(await stage.tip('main'))
      await commitFile(stage, 'b', 'x\n')
      await isRejected(stage, 'branch-diverged')
    },
  },
  {
    name: 'a verification that fails brings the task back, and tells how it ended',
    check: async (stage) => {
      await stage.create()
      await edit(stage)
      const setback = await comesBack(stage, { verify: stage.world.commands.failing })
      assert.ok(setback?.kind === 'rejected')
      const { reason, exitCode, output } = setback
      assert.deepEqual([reason, exitCode, output], ['verification-failed', 7, 'no good\n'])
      await stage.isSound()
    },
  },
  {
    name: 'a verification that succeeds lets the task land, and leaves nothing behind',
    check: async (stage) => {
      await stage.create()
      await edit(stage)
      const task = await stage.command(mergeRequest({ verify: stage.world.commands.succeeding }))
      assert.equal(task.status, 'merged')
      await stage.isSound()
    },
  },
]
