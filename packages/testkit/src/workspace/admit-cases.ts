import type { TaskRequest } from '@coppice/core'
import { isCoppiceError } from '@coppice/core'
import assert from 'node:assert/strict'
import type { Stage } from './stage.js'
import type { WorkspaceCheck } from './workspace-case.js'

async function isRefused(stage: Stage, request: TaskRequest, code: string): Promise<void> {
  await stage.leavesAlone(() =>
    assert.rejects(stage.workspace.admit(request), (error) => {
      assert.ok(isCoppiceError(error, code), `${JSON.stringify(request)} gave ${String(error)}`)
      return true
    }),
  )
}

const NO_BASES = ['nope', '-x', 'HEAD~99', 'HEAD:README.md', '', 'a b', 'main..main', 'refs/heads/']
const NO_TARGETS = ['nope', 'HEAD', 'HEAD~1', '', 'refs/heads/main']

export const admitCases: readonly WorkspaceCheck[] = [
  {
    name: 'a task begins by default where HEAD is, and is to land there',
    check: async (stage) => {
      const commit = await stage.tip('main')
      const { path, ...admitted } = await stage.workspace.admit({ id: 'fix', title: 'Fix it' })
      assert.deepEqual(admitted, {
        title: 'Fix it',
        base: { ref: 'main', commit },
        into: 'main',
        branch: 'coppice/fix',
      })
      assert.match(path, /^\/.*\/fix$/)
    },
  },
  {
    name: 'a task begins at a branch, which it is to land on, under its short and its full name',
    check: async (stage) => {
      const commit = await stage.tip('main')
      await stage.world.moveRef('refs/heads/release', commit)
      await stage.world.commitTo('main', { later: 'x\n' })
      for (const base of ['release', 'refs/heads/release']) {
        const admitted = await stage.workspace.admit({ id: 'fix', base })
        assert.deepEqual([admitted.base, admitted.into], [{ ref: base, commit }, 'release'])
      }
    },
  },
  {
    name: 'a task begins at a tag or a commit, with no branch to land on but one that is named',
    check: async (stage) => {
      const commit = await stage.tip('main')
      await stage.world.moveRef('refs/tags/v1', commit)
      await stage.world.commitTo('main', { later: 'x\n' })
      for (const base of ['v1', commit, commit.slice(0, 10), 'HEAD~1', 'main~1', 'main^', 'v1^0']) {
        const admitted = await stage.workspace.admit({ id: 'fix', base })
        assert.deepEqual([admitted.base, admitted.into], [{ ref: base, commit }, null], base)
        assert.equal((await stage.workspace.admit({ id: 'fix', base, into: 'main' })).into, 'main')
      }
    },
  },
  {
    name: 'a tag comes before a branch of the same name',
    check: async (stage) => {
      const commit = await stage.tip('main')
      await stage.world.moveRef('refs/tags/release', commit)
      await stage.world.commitTo('release', { later: 'x\n' })
      const { base, into } = await stage.workspace.admit({ id: 'fix', base: 'release' })
      assert.deepEqual([base.commit, into], [commit, null])
    },
  },
  {
    name: 'a base that is no commit is refused',
    check: async (stage) => {
      for (const base of NO_BASES) await isRefused(stage, { id: 'fix', base }, 'base-not-found')
    },
  },
  {
    name: 'a target that is no local branch is refused',
    check: async (stage) => {
      await stage.world.moveRef('refs/tags/v1', await stage.tip('main'))
      for (const into of [...NO_TARGETS, 'v1'])
        await isRefused(stage, { id: 'fix', into }, 'target-not-found')
    },
  },
  {
    name: 'a branch of the task’s name that is there already is refused',
    check: async (stage) => {
      await stage.world.moveRef('refs/heads/coppice/fix', await stage.tip('main'))
      await isRefused(stage, { id: 'fix' }, 'branch-exists')
    },
  },
  {
    name: 'a branch that stands where a directory of branches would be is refused, and the other way round',
    check: async (stage) => {
      const main = await stage.tip('main')
      await stage.world.moveRef('refs/heads/coppice/fix/part', main)
      await isRefused(stage, { id: 'fix' }, 'branch-exists')
      await stage.world.moveRef('refs/heads/coppice/fix/part', null)
      await stage.world.moveRef('refs/heads/coppice', main)
      await isRefused(stage, { id: 'fix' }, 'branch-exists')
    },
  },
  {
    name: 'a directory in the worktree’s place is refused',
    check: async (stage) => {
      const { path } = await stage.workspace.admit({ id: 'fix' })
      await stage.world.makeDirectory(path)
      await isRefused(stage, { id: 'fix' }, 'path-occupied')
    },
  },
]
