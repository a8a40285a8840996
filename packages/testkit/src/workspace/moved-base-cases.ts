import type { TaskState } from '@coppice/core'
import assert from 'node:assert/strict'
import { mergeRequest } from './requests.js'
import type { Act, Stage } from './stage.js'
import { isOverWithin } from './turns.js'
import { commitFile } from './work.js'
import type { WorkspaceCheck } from './workspace-case.js'

/** A task of which an effect of its merge is owed next, as it was then; the merge itself comes to its end. */
async function whenDue(stage: Stage, act: Act, verify: readonly string[] | null = null): Promise<TaskState> {
  await stage.create()
  await commitFile(stage, 'c', 'x\n')
  let found: TaskState | null = null
  stage.before(act, async (task) => {
    found = task
    throw new Error('the case takes over from here')
  })
  await stage.command(mergeRequest({ verify })).catch(() => undefined)
  assert.ok(found !== null, `${act} was never owed`)
  return found
}

/** Every turn of an implementation that works in this process, and a few of the many while other processes do its work. */
function next(turns: number): number {
  return turns < 8 ? turns + 1 : turns * 4
}

export const movedBaseCases: readonly WorkspaceCheck[] = [
  {
    name: 'a base that moves before the landing is merged with anew, and both are in it',
    check: async (stage) => {
      await stage.create()
      await commitFile(stage, 'c', 'x\n')
      let base = ''
      stage.before('land', async () => {
        base = await stage.world.commitTo('main', { meanwhile: 'x\n' })
      })
      assert.equal((await stage.command(mergeRequest())).status, 'merged')
      const [first] = await stage.world.parentsOf(await stage.tip('main'))
      assert.equal(first, base)
    },
  },
  {
    name: 'a landing on a base that has moved, or is gone, says where it is and moves nothing',
    check: async (stage) => {
      const task = await whenDue(stage, 'land')
      const expected = await stage.tip('main')
      const actual = await stage.world.commitTo('main', { meanwhile: 'x\n' })
      assert.deepEqual(await stage.perform('land', task), { kind: 'base-moved', data: { expected, actual } })
      assert.equal(await stage.tip('main'), actual)
      await stage.world.moveRef('refs/heads/main', null)
      assert.deepEqual(await stage.perform('land', task), {
        kind: 'base-moved',
        data: { expected, actual: null },
      })
      assert.equal(await stage.branch('main'), null)
    },
  },
  {
    name: 'a base that somebody moves at any moment of a landing stays where they moved it',
    check: async (stage) => {
      const task = await whenDue(stage, 'land')
      const base = await stage.tip('main')
      const moved = await stage.world.commitTo('main', { meanwhile: 'x\n' })
      for (let turns = 0, isOver = false; !isOver; turns = next(turns)) {
        await stage.world.moveRef('refs/heads/main', base)
        const landing = stage.perform('land', task)
        isOver = await isOverWithin(landing, turns)
        await stage.world.moveRef('refs/heads/main', moved)
        await landing
        assert.equal(await stage.tip('main'), moved)
      }
    },
  },
  {
    name: 'a landing that is done again has landed, once, and also where the base has gone on since',
    check: async (stage) => {
      const task = await whenDue(stage, 'land')
      const first = await stage.perform('land', task)
      assert.equal(first.kind, 'landed')
      const another = await stage.world.open()
      await stage.leavesAlone(async () =>
        assert.deepEqual(await stage.perform('land', task, {}, another), first),
      )
      const later = await stage.world.commitTo('main', { later: 'x\n' })
      assert.deepEqual(await stage.perform('land', task, {}, another), first)
      assert.equal(await stage.tip('main'), later)
    },
  },
  {
    name: 'a preparation that is done again comes to the same commit, and moves no branch',
    check: async (stage) => {
      const task = await whenDue(stage, 'prepare')
      const first = await stage.perform('prepare', task)
      assert.equal(first.kind, 'prepared')
      const another = await stage.world.open()
      await stage.leavesAlone(async () =>
        assert.deepEqual(await stage.perform('prepare', task, {}, another), first),
      )
      assert.deepEqual(await stage.pins('merge'), [first.kind === 'prepared' && first.data.commit])
    },
  },
  {
    name: 'a verification can be done again, and changes nothing that stays',
    check: async (stage) => {
      const task = await whenDue(stage, 'verify', stage.world.commands.succeeding)
      const another = await stage.world.open()
      await stage.leavesAlone(async () => {
        const first = await stage.perform('verify', task)
        assert.equal(first.kind, 'verified')
        assert.deepEqual(await stage.perform('verify', task, {}, another), first)
      })
    },
  },
  {
    name: 'a merge in which the worktree was lost makes it anew, and lands',
    check: async (stage) => {
      await stage.create()
      const commit = await commitFile(stage, 'c', 'x\n')
      stage.before('prepare', ({ path }) => stage.world.deleteDirectory(path))
      assert.equal((await stage.command(mergeRequest({ strategy: 'ff' }))).status, 'merged')
      assert.equal(await stage.tip('main'), commit)
      await stage.isSound()
    },
  },
]
