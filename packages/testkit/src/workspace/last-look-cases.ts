import type { Checkpoint } from '@coppice/core'
import assert from 'node:assert/strict'
import { isHeld } from './held.js'
import { ABANDON, PARK, RESTORE, RESUME } from './requests.js'
import type { Stage } from './stage.js'
import { isOverWithin } from './turns.js'
import { checkpointed } from './work.js'
import type { WorkspaceCheck } from './workspace-case.js'

/** What can change, one after the other, while every file stays as it is. */
const CHANGES: Readonly<Record<string, (stage: Stage) => Promise<unknown>>> = {
  'what is staged': async (stage) => {
    const { s = '' } = (await stage.content()).files
    await stage.agent().write('s', 'staged alone\n')
    await stage.agent().stage('s')
    await stage.agent().write('s', s)
  },
  'a commit on the branch': (stage) => stage.agent().commit('since'),
  'a HEAD that left its branch': (stage) => stage.agent().detach(),
  'a commit on no branch': (stage) => stage.agent().commit('detached'),
  'a commit on the branch that HEAD has left': (stage) =>
    stage.world.commitTo('coppice/fix', { theirs: 'x\n' }),
}

/** Asks for the removal of a task's worktree when some checkpoint is the newest one. */
function remove(stage: Stage, checkpoint: Checkpoint | null) {
  return stage.perform('remove', { ...stage.task(), status: 'abandoned', checkpoint })
}

/** More turns than a removal takes that works in this process alone. */
const PAUSE = 16

/** More often than a removal can find something new, if it ever finds what it pinned. */
const ATTEMPTS = 64

/**
 * While a worktree is removed, its agent writes a file in two versions by turns: first after some turns, then after ever
 * more, until it is refused. Answers with the version that was written last.
 */
async function writeDuring(
  stage: Stage,
  removal: Promise<unknown>,
  turns: number,
  before: string | null,
): Promise<string | null> {
  let written = before
  for (let pause = turns; !(await isOverWithin(removal, pause)); pause = Math.max(pause, PAUSE) + 1) {
    const version = written === 'one\n' ? 'other\n' : 'one\n'
    try {
      await stage.agent().write('late', version)
    } catch (error) {
      if (await stage.isThere()) throw error
      return written
    }
    written = version
  }
  return written
}

const withoutWorktree = [
  { away: PARK, back: RESUME, name: 'parked' },
  { away: ABANDON, back: RESTORE, name: 'abandoned' },
].map(({ away, back, name }) => ({
  name: `a task that was ${name} without its worktree comes back at commits that its branch got elsewhere`,
  check: async (stage: Stage) => {
    await checkpointed(stage)
    const commit = await stage.world.commitTo('coppice/fix', { theirs: 'x\n' })
    await stage.world.deleteDirectory(stage.task().path)
    await stage.command(away)
    assert.ok(await isHeld(stage, commit), 'no ref reaches the commit')
    await stage.command(back)
    const files = await stage.world.filesAt(commit)
    assert.deepEqual(await stage.content(), { head: { branch: 'coppice/fix', commit }, staged: files, files })
  },
}))

export const lastLookCases: readonly WorkspaceCheck[] = [
  ...withoutWorktree,
  {
    name: 'a removal pins first what changed of index, HEAD and branch while every file stayed as it was',
    check: async (stage) => {
      await checkpointed(stage)
      let { checkpoint } = stage.task()
      for (const [what, change] of Object.entries(CHANGES)) {
        await change(stage)
        const { head } = await stage.content()
        const outcome = await remove(stage, checkpoint)
        assert.ok(outcome.kind === 'pinned', `${what} was overlooked`)
        checkpoint = outcome.checkpoint
        assert.deepEqual({ branch: checkpoint.branch, commit: checkpoint.head }, head)
      }
    },
  },
  {
    // In an implementation that works in this process this comes to every gap between two of its turns. Where other
    // processes do the work, it comes to the gap between the last look and the removal by chance, and never blames it wrongly.
    name: 'what an agent writes until its worktree is gone is pinned to the last',
    check: async (stage) => {
      await checkpointed(stage)
      let { checkpoint } = stage.task()
      let written: string | null = null
      for (let turns = 0, isRemoved = false; !isRemoved; turns++) {
        assert.ok(turns < ATTEMPTS, 'the removal finds something new for ever')
        const removal = remove(stage, checkpoint)
        written = await writeDuring(stage, removal, turns, written)
        const outcome = await removal
        if (outcome.kind === 'pinned') checkpoint = outcome.checkpoint
        else assert.equal(outcome.kind, 'removed')
        isRemoved = outcome.kind === 'removed'
      }
      const { late = null } = await stage.world.filesAt(checkpoint?.commit ?? '')
      assert.equal(late, written)
    },
  },
]
