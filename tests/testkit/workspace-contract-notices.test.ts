import type { Workspace } from '@coppice/core'
import { simulatedWorkspaceWorld, workspaceContract, type WorkspaceWorld } from '@coppice/testkit'
import { expect, test } from 'vitest'

type Breakage = (workspace: Workspace, world: WorkspaceWorld) => Partial<Workspace>

/** Workspaces that each get one thing wrong. */
const BREAKAGES: Readonly<Record<string, Breakage>> = {
  'takes away what nobody has pinned': (_, world) => ({
    remove: async ({ path, gitDir, branch, status }) => {
      await world.deleteDirectory(path)
      await world.deleteEntry(gitDir ?? '')
      if (status !== 'parked') await world.moveRef(`refs/heads/${branch}`, null)
      return { kind: 'removed' }
    },
  }),
  'takes the branch of a parked task away': (workspace, world) => ({
    remove: async (task, context) => {
      const outcome = await workspace.remove(task, context)
      await world.moveRef(`refs/heads/${task.branch}`, null)
      return outcome
    },
  }),
  'lands over whatever the base is at': (_, world) => ({
    land: async ({ merge }) => {
      const { commit = '' } = merge?.prepared ?? {}
      await world.moveRef(`refs/heads/${merge?.into}`, commit)
      return { kind: 'landed', data: { commit } }
    },
  }),
  'pins nothing': () => ({ checkpoint: async () => ({ kind: 'unchanged' }) }),
  'forgets what was staged': (workspace) => ({
    create: (task, context) => {
      const { checkpoint } = task
      return workspace.create(
        { ...task, checkpoint: checkpoint && { ...checkpoint, index: checkpoint.tree } },
        context,
      )
    },
  }),
  'makes a lost worktree anew without its checkpoint': (workspace) => ({
    rebuild: (task, context) => workspace.rebuild({ ...task, checkpoint: null }, context),
  }),
  'verifies nothing': () => ({
    verify: async ({ merge }) => ({ kind: 'verified', data: { commit: merge?.prepared?.commit ?? '' } }),
  }),
  'admits whatever is asked for': (workspace) => ({
    admit: ({ id }) => workspace.admit({ id }),
  }),
  'sees no refs': (workspace) => ({
    survey: async (tasks, commits) => ({ ...(await workspace.survey(tasks, commits)), refs: {} }),
  }),
  'repairs nothing': () => ({ repair: async () => undefined }),
}

test.each(Object.entries(BREAKAGES))('the contract notices a workspace that %s', async (_, breakage) => {
  const open = async (): Promise<WorkspaceWorld> => {
    const world = simulatedWorkspaceWorld()
    const openBroken = async (): Promise<Workspace> => {
      const workspace = await world.open()
      return new Proxy(workspace, {
        get: (target, name) => {
          const value: unknown =
            Reflect.get({ ...breakage(target, world) }, name) ?? Reflect.get(target, name)
          return typeof value === 'function' ? value.bind(target) : value
        },
      })
    }
    return { ...world, open: openBroken }
  }
  const results = await Promise.allSettled(workspaceContract(open).map(({ run }) => run()))
  const failed = results.filter(({ status }) => status === 'rejected').length
  expect(failed).toBeGreaterThan(0)
  expect(failed).toBeLessThan(results.length)
})
