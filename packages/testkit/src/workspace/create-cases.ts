import assert from 'node:assert/strict'
import { commitFile } from './work.js'
import type { WorkspaceCheck } from './workspace-case.js'

export const createCases: readonly WorkspaceCheck[] = [
  {
    name: 'a new task has a branch of its own at the base, the base’s files, and nothing staged',
    check: async (stage) => {
      const base = await stage.tip('main')
      const { branch, gitDir } = await stage.create()
      assert.ok(gitDir !== null)
      const files = await stage.world.filesAt(base)
      assert.deepEqual(await stage.content(), { head: { branch, commit: base }, staged: files, files })
      assert.equal(await stage.branch(branch), base)
      await stage.isSound()
    },
  },
  {
    name: 'a task begins at the commit that its base named when it was asked for',
    check: async (stage) => {
      const base = await stage.tip('main')
      stage.before('create', () => stage.world.commitTo('main', { later: 'x\n' }))
      const task = await stage.create()
      assert.equal(task.base.commit, base)
      assert.equal((await stage.content()).head?.commit, base)
    },
  },
  {
    name: 'a creation that is done again finds what it made, and leaves it as it is',
    check: async (stage) => {
      const seen = await stage.requested()
      const first = await stage.perform('create', seen)
      assert.equal(first.kind, 'created')
      await stage.world.at(seen.path).write('since', 'x\n')
      const before = await stage.world.look(seen.path)
      const another = await stage.world.open()
      assert.deepEqual(await stage.perform('create', seen, {}, another), first)
      assert.deepEqual(await stage.perform('create', seen), first)
      assert.deepEqual(await stage.world.look(seen.path), before)
    },
  },
  {
    name: 'a branch at the base is taken for one that a killed process made',
    check: async (stage) => {
      const seen = await stage.requested()
      await stage.world.moveRef(`refs/heads/${seen.branch}`, seen.base.commit)
      assert.equal((await stage.perform('create', seen)).kind, 'created')
    },
  },
  {
    name: 'a branch that somebody made meanwhile is left alone, and another attempt would not help',
    check: async (stage) => {
      const seen = await stage.requested()
      const other = await stage.world.commitTo(seen.branch, { theirs: 'x\n' })
      const outcome = await stage.perform('create', seen)
      assert.equal(outcome.kind, 'creation-failed')
      assert.deepEqual(outcome.kind === 'creation-failed' && [outcome.failure.code, outcome.retryable], [
        'branch-exists',
        false,
      ])
      assert.equal(await stage.branch(seen.branch), other)
      assert.equal(await stage.world.look(seen.path), null)
    },
  },
  {
    name: 'a directory that somebody made meanwhile is left alone, and so is the name of the branch',
    check: async (stage) => {
      const seen = await stage.requested()
      await stage.world.makeDirectory(seen.path)
      const before = await stage.world.look(seen.path)
      const outcome = await stage.perform('create', seen)
      assert.deepEqual(outcome.kind === 'creation-failed' && [outcome.failure.code, outcome.retryable], [
        'path-occupied',
        false,
      ])
      assert.deepEqual(await stage.world.look(seen.path), before)
      assert.equal(await stage.branch(seen.branch), null)
    },
  },
  {
    name: 'tasks do not see one another',
    check: async (stage) => {
      await stage.create('one')
      const before = await stage.content('one')
      await stage.create('two')
      await commitFile(stage, 'own', 'x\n', 'two')
      assert.deepEqual(await stage.content('one'), before)
      await stage.isSound()
    },
  },
]
