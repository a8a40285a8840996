import assert from 'node:assert/strict'
import { PARK, RESUME } from './requests.js'
import type { Stage } from './stage.js'
import { checkpointed, commitFile } from './work.js'
import type { WorkspaceCheck } from './workspace-case.js'

/** Deletes a task's directory, and has the engine notice. */
async function lose(stage: Stage, besides: () => Promise<unknown> = async () => undefined): Promise<void> {
  await stage.world.deleteDirectory(stage.task().path)
  await besides()
  await stage.engine.recover()
  assert.deepEqual(stage.problems, [])
  assert.deepEqual([stage.task().status, stage.task().worktree], ['active', 'present'])
}

const dropEntry = (stage: Stage) => (): Promise<unknown> => stage.world.deleteEntry(stage.task().gitDir ?? '')
const dropBranch = (stage: Stage) => (): Promise<unknown> =>
  stage.world.moveRef('refs/heads/coppice/fix', null)

const ALSO_GONE: Readonly<Record<string, (stage: Stage) => Promise<unknown>>> = {
  'nothing else': async () => undefined,
  'git’s entry': (stage) => dropEntry(stage)(),
  'the branch': (stage) => dropBranch(stage)(),
  'git’s entry and the branch': async (stage) => {
    await dropEntry(stage)()
    await dropBranch(stage)()
  },
}

const fromCheckpoint = Object.entries(ALSO_GONE).map(([what, drop]) => ({
  name: `a lost worktree comes back as it was at the last checkpoint, with ${what} gone, too`,
  check: async (stage: Stage) => {
    await checkpointed(stage)
    const before = await stage.content()
    await lose(stage, () => drop(stage))
    assert.deepEqual(await stage.content(), before)
    await stage.isSound()
  },
}))

export const rebuildCases: readonly WorkspaceCheck[] = [
  ...fromCheckpoint,
  {
    name: 'a task that was lost, or parked, comes back as it was at the newest of its checkpoints',
    check: async (stage) => {
      await checkpointed(stage)
      await stage.agent().write('u', 'untracked\n')
      await stage.agent().remove('s')
      await stage.agent().stage('s')
      assert.equal((await stage.engine.checkpoint('fix', undefined))?.number, 2)
      const before = await stage.content()
      await lose(stage)
      assert.deepEqual(await stage.content(), before)
      await stage.command(PARK)
      await stage.command(RESUME)
      assert.deepEqual(await stage.content(), before)
    },
  },
  {
    name: 'what was written after a branch was deleted comes back with its checkpoint when the worktree is deleted, too',
    check: async (stage) => {
      await checkpointed(stage)
      await dropBranch(stage)()
      await stage.agent().write('u', 'since then\n')
      await stage.engine.checkpoint('fix', undefined)
      const { files } = await stage.content()
      await lose(stage)
      assert.deepEqual((await stage.content()).files, files)
      await dropBranch(stage)()
      await stage.command(PARK)
      await stage.command(RESUME)
      assert.deepEqual((await stage.content()).files, files)
      await stage.isSound()
    },
  },
  {
    name: 'without a checkpoint a lost worktree comes back at the newest commit of its branch',
    check: async (stage) => {
      await stage.create()
      const commit = await commitFile(stage, 'c', 'x\n')
      await stage.agent().write('u', 'x\n')
      await lose(stage)
      const files = await stage.world.filesAt(commit)
      assert.deepEqual(await stage.content(), {
        head: { branch: 'coppice/fix', commit },
        staged: files,
        files,
      })
    },
  },
  {
    name: 'a commit since the last checkpoint is what a lost worktree comes back at',
    check: async (stage) => {
      await checkpointed(stage)
      const commit = await commitFile(stage, 'later', 'x\n')
      await lose(stage)
      const { head, files } = await stage.content()
      assert.deepEqual(head, { branch: 'coppice/fix', commit })
      assert.deepEqual(files, await stage.world.filesAt(commit))
    },
  },
  {
    name: 'a lost worktree comes back on a detached HEAD, whose commits no branch has',
    check: async (stage) => {
      await checkpointed(stage)
      await stage.agent().detach()
      const commit = await stage.agent().commit('detached')
      await lose(stage)
      assert.deepEqual((await stage.content()).head, { branch: null, commit })
      assert.ok((await stage.pins('salvaged/')).includes(commit))
    },
  },
  {
    name: 'a lost worktree comes back on the other branch that HEAD was on',
    check: async (stage) => {
      await checkpointed(stage)
      await stage.agent().branchOff('side')
      const commit = await stage.agent().commit('on the side')
      await lose(stage)
      assert.deepEqual((await stage.content()).head, { branch: 'side', commit })
    },
  },
  {
    name: 'what was staged since the last checkpoint of a lost worktree is pinned',
    check: async (stage) => {
      await checkpointed(stage)
      await stage.agent().write('precious', 'x\n')
      await stage.agent().stage('precious')
      await lose(stage)
      const [pin] = await stage.pins('salvaged/')
      assert.equal((await stage.world.filesAt(pin ?? ''))['precious'], 'x\n')
    },
  },
  {
    name: 'a branch that was deleted with a commit since the last checkpoint is made again there',
    check: async (stage) => {
      await checkpointed(stage)
      const commit = await stage.agent().commit('since')
      await lose(stage, dropBranch(stage))
      assert.equal(await stage.branch('coppice/fix'), commit)
      assert.equal((await stage.content()).head?.commit, commit)
    },
  },
  {
    name: 'a rebuilding that is done again finds what it made, and leaves it as it is',
    check: async (stage) => {
      await checkpointed(stage)
      const lost = { ...stage.task(), worktree: 'lost' as const }
      await stage.world.deleteDirectory(lost.path)
      const first = await stage.perform('rebuild', lost)
      assert.equal(first.kind === 'rebuilt' && first.data.checkpoint, 1)
      await stage.agent().write('since', 'x\n')
      const another = await stage.world.open()
      await stage.leavesAlone(async () => {
        const again = await stage.perform('rebuild', lost, {}, another)
        assert.ok(first.kind === 'rebuilt' && again.kind === 'rebuilt')
        assert.deepEqual(again.data, { ...first.data, checkpoint: null })
      })
    },
  },
  {
    name: 'what somebody put in the place of a lost worktree is left there',
    check: async (stage) => {
      await checkpointed(stage)
      const lost = { ...stage.task(), worktree: 'lost' as const }
      await stage.world.deleteDirectory(lost.path)
      await stage.world.deleteEntry(lost.gitDir ?? '')
      await stage.world.makeDirectory(lost.path)
      await stage.leavesAlone(async () => {
        const outcome = await stage.perform('rebuild', lost)
        assert.equal(outcome.kind === 'deferred' && outcome.failure.code, 'worktree-broken')
      })
    },
  },
  {
    name: 'a worktree that was moved is found where it is, and nothing of it is made anew',
    check: async (stage) => {
      await checkpointed(stage)
      await stage.agent().write('since', 'x\n')
      const before = await stage.content()
      const to = `${stage.task().path}-moved`
      await stage.world.moveWorktree(stage.task().path, to)
      await stage.engine.repair(false)
      assert.equal(stage.task().path, to)
      assert.deepEqual(await stage.content(), before)
      await stage.isSound()
    },
  },
]
