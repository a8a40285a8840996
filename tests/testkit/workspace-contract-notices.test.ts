import type { Checkpoint, Workspace } from '@coppice/core'
import { simulatedWorkspaceWorld, workspaceContract, type WorkspaceWorld } from '@coppice/testkit'
import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'

type Breakage = (workspace: Workspace, world: WorkspaceWorld) => Partial<Workspace>

/** A removal to which a checkpoint counts as good enough although a newer one would be another. */
const satisfiedIf =
  (isEnough: (was: Checkpoint, is: Checkpoint) => boolean): Breakage =>
  (workspace) => ({
    remove: async (task, context) => {
      const { checkpoint } = task
      const outcome = await workspace.remove(task, context)
      if (outcome.kind !== 'pinned' || checkpoint === null || !isEnough(checkpoint, outcome.checkpoint)) {
        return outcome
      }
      return workspace.remove({ ...task, checkpoint: outcome.checkpoint }, context)
    },
  })

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
  'compares the base, and then moves it wherever it is': (workspace, world) => ({
    land: async (task, context) => {
      const { commit = '', base = '' } = task.merge?.prepared ?? {}
      const { 'refs/heads/main': actual } = await world.refs()
      if (task.merge?.into !== 'main' || actual !== base) return workspace.land(task, context)
      await setImmediate()
      await world.moveRef('refs/heads/main', commit)
      return { kind: 'landed', data: { commit } }
    },
  }),
  'takes a worktree away without a second look': (workspace, world) => ({
    remove: async (task, context) => {
      const outcome = await workspace.checkpoint(task, null, context)
      if (outcome.kind === 'pinned') return outcome
      await setImmediate()
      if (outcome.kind === 'unchanged') await world.deleteDirectory(task.path)
      return workspace.remove(task, context)
    },
  }),
  'overlooks what is staged when it takes a worktree away': satisfiedIf(
    (was, is) => was.tree === is.tree && was.head === is.head && was.branch === is.branch,
  ),
  'overlooks a commit when it takes a worktree away': satisfiedIf(
    (was, is) => was.tree === is.tree && was.index === is.index && was.branch === is.branch,
  ),
  'makes a lost worktree anew from its first checkpoint': (workspace) => {
    let first: Checkpoint | null = null
    return {
      checkpoint: async (task, message, context) => {
        const outcome = await workspace.checkpoint(task, message, context)
        if (outcome.kind === 'pinned') first ??= outcome.checkpoint
        return outcome
      },
      rebuild: (task, context) => workspace.rebuild({ ...task, checkpoint: first }, context),
    }
  },
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
      const broken = breakage(workspace, world)
      return new Proxy(workspace, {
        get: (target, name) => {
          const value: unknown = Reflect.get(broken, name) ?? Reflect.get(target, name)
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
