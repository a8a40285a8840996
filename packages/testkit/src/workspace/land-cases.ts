import { MERGE_STRATEGIES, type MergeStrategy } from '@coppice/core'
import assert from 'node:assert/strict'
import { mergeRequest, PARK } from './requests.js'
import type { Stage } from './stage.js'
import { commitFile, edit } from './work.js'
import type { WorkspaceCheck } from './workspace-case.js'

/** Two commits on a base that has gone on, with a file deleted on each side; answers with the two, and with the base. */
async function diverged(stage: Stage): Promise<{ commits: readonly string[]; base: string }> {
  await stage.world.commitTo('main', { mine: 'x\n', theirs: 'x\n' })
  await stage.create()
  await stage.agent().remove('mine')
  await stage.agent().stage('mine')
  const commits = [await commitFile(stage, 'one', '1\n'), await commitFile(stage, 'two', '2\n')]
  const base = await stage.world.commitTo('main', { meanwhile: 'x\n', theirs: null })
  return { commits, base }
}

/** The commits of a branch above another, by first parents, the newest first. */
async function above(stage: Stage, base: string, tip: string): Promise<readonly string[]> {
  if (tip === base) return []
  const [parent = base] = await stage.world.parentsOf(tip)
  return [tip, ...(await above(stage, base, parent))]
}

/** Somebody by whom no merge is. */
const AUTHOR = { name: 'Somebody Else', email: 'else@example.invalid' }

const authorsOf = (stage: Stage, commits: readonly string[]) =>
  Promise.all(commits.map((commit) => stage.world.authorOf(commit)))

const SHAPES: Readonly<
  Record<
    Exclude<MergeStrategy, 'ff'>,
    (stage: Stage, base: string, commits: readonly string[]) => Promise<void>
  >
> = {
  merge: async (stage, base, commits) => {
    assert.deepEqual(await stage.world.parentsOf(await stage.tip('main')), [base, commits.at(-1)])
  },
  squash: async (stage, base) => {
    assert.deepEqual(await stage.world.parentsOf(await stage.tip('main')), [base])
  },
  rebase: async (stage, base, commits) => {
    const landed = await above(stage, base, await stage.tip('main'))
    assert.equal(landed.length, commits.length)
    assert.ok(landed.every((commit) => !commits.includes(commit)))
  },
}

const shapes = Object.entries(SHAPES).map(([strategy, expectShape]) => ({
  name: `${strategy} lands both sides’ work, what they deleted too, in a history of its own shape`,
  check: async (stage: Stage) => {
    const { commits, base } = await diverged(stage)
    const { mine: _, ...kept } = await stage.world.filesAt(base)
    const files = { ...kept, one: '1\n', two: '2\n' }
    const task = await stage.command(mergeRequest({ strategy: strategy as MergeStrategy }))
    assert.deepEqual([task.status, task.setback], ['merged', null])
    assert.equal(task.landing?.commit, await stage.tip('main'))
    assert.deepEqual(await stage.world.filesAt(await stage.tip('main')), files)
    await expectShape(stage, base, commits)
    assert.equal(await stage.branch('coppice/fix'), null)
    await stage.isSound()
  },
}))

const uncommitted = MERGE_STRATEGIES.map((strategy) => ({
  name: `${strategy} takes along what was staged, changed and untracked`,
  check: async (stage: Stage) => {
    await stage.create()
    await edit(stage)
    const { files } = await stage.content()
    assert.equal((await stage.command(mergeRequest({ strategy }))).status, 'merged')
    assert.deepEqual(await stage.world.filesAt(await stage.tip('main')), files)
  },
}))

const nothing = MERGE_STRATEGIES.map((strategy) => ({
  name: `${strategy} of a task that changed nothing lands at once, and the base stays where it is`,
  check: async (stage: Stage) => {
    await stage.create()
    const base = await stage.world.commitTo('main', { meanwhile: 'x\n' })
    const task = await stage.command(mergeRequest({ strategy }))
    assert.deepEqual([task.status, task.landing?.commit], ['merged', base])
    assert.equal(await stage.tip('main'), base)
  },
}))

export const landCases: readonly WorkspaceCheck[] = [
  ...shapes,
  ...uncommitted,
  ...nothing,
  {
    name: 'ff lands the task’s own commits where nothing else came',
    check: async (stage) => {
      await stage.create()
      const commit = await commitFile(stage, 'c', 'x\n')
      await stage.command(mergeRequest({ strategy: 'ff' }))
      assert.equal(await stage.tip('main'), commit)
    },
  },
  {
    name: 'squash of changes that the base has, too, adds no commit',
    check: async (stage) => {
      await stage.create()
      await commitFile(stage, 'same', 'x\n')
      const base = await stage.world.commitTo('main', { same: 'x\n' })
      assert.equal((await stage.command(mergeRequest({ strategy: 'squash' }))).status, 'merged')
      assert.equal(await stage.tip('main'), base)
    },
  },
  {
    name: 'rebase leaves out commits that the base has already',
    check: async (stage) => {
      await stage.create()
      await commitFile(stage, 'same', 'x\n')
      await commitFile(stage, 'own', 'x\n')
      const base = await stage.world.commitTo('main', { same: 'x\n' })
      await stage.command(mergeRequest({ strategy: 'rebase' }))
      assert.deepEqual(await stage.world.parentsOf(await stage.tip('main')), [base])
    },
  },
  {
    name: 'rebase keeps the authors of commits, and commits that were empty from the beginning',
    check: async (stage) => {
      await stage.create()
      await stage.agent().write('c', 'x\n')
      await stage.agent().stage('c')
      const commits = [
        await stage.agent().commit('change c', AUTHOR),
        await stage.agent().commit('change nothing', AUTHOR),
      ]
      const authors = await authorsOf(stage, commits)
      assert.ok(authors.every(({ name }) => name === AUTHOR.name))
      const base = await stage.world.commitTo('main', { meanwhile: 'x\n' })
      await stage.command(mergeRequest({ strategy: 'rebase' }))
      const landed = await above(stage, base, await stage.tip('main'))
      assert.deepEqual(await authorsOf(stage, landed.toReversed()), authors)
    },
  },
  {
    name: 'a detached HEAD ahead of the branch is merged with all its commits',
    check: async (stage) => {
      await stage.create()
      await stage.agent().detach()
      const commit = await commitFile(stage, 'c', 'x\n')
      await stage.command(mergeRequest({ strategy: 'ff' }))
      assert.equal(await stage.tip('main'), commit)
    },
  },
  {
    name: 'a merge goes back to where it was worked in, too, and brings that worktree along',
    check: async (stage) => {
      await stage.create('below')
      await stage.create('fix', { base: 'coppice/below' })
      await commitFile(stage, 'c', 'x\n')
      await stage.agent('below').write('u', 'untracked\n')
      assert.equal((await stage.command(mergeRequest({ into: 'coppice/below' }))).status, 'merged')
      const tip = await stage.tip('coppice/below')
      const { head, staged, files } = await stage.content('below')
      assert.deepEqual(head, { branch: 'coppice/below', commit: tip })
      assert.deepEqual(staged, await stage.world.filesAt(tip))
      assert.deepEqual(files, { ...(await stage.world.filesAt(tip)), u: 'untracked\n' })
    },
  },
  {
    name: 'changes in the way in a worktree that stands on the target refuse the merge, and stay',
    check: async (stage) => {
      await stage.create('below')
      await stage.create('fix', { base: 'coppice/below' })
      await commitFile(stage, 'c', 'x\n')
      await stage.agent('below').write('c', 'something else\n')
      const before = await stage.content('below')
      const { setback } = await stage.command(mergeRequest({ into: 'coppice/below' }))
      assert.equal(setback?.kind === 'rejected' && setback.reason, 'checkout-in-the-way')
      assert.deepEqual(await stage.content('below'), before)
    },
  },
  {
    name: 'what an agent writes while its work lands is not in it, and is not lost',
    check: async (stage) => {
      await stage.create()
      await commitFile(stage, 'c', 'x\n')
      stage.before('land', () => stage.agent().write('late', 'x\n'))
      const task = await stage.command(mergeRequest())
      assert.equal(task.status, 'merged')
      assert.equal((await stage.world.filesAt(await stage.tip('main')))['late'], undefined)
      assert.equal((await stage.world.filesAt(task.checkpoint?.commit ?? ''))['late'], 'x\n')
    },
  },
  {
    name: 'a task that waits for its base stays parked beside one that lands',
    check: async (stage) => {
      await stage.create('other')
      await edit(stage, 'other')
      await stage.command(PARK, 'other')
      await stage.create()
      await commitFile(stage, 'c', 'x\n')
      await stage.command(mergeRequest())
      assert.equal(stage.task('other').status, 'parked')
      await stage.isSound()
    },
  },
]
