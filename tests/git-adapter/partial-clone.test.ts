import { appendFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { mergeRequest, PARK, RESUME } from '../core/helpers/requests.js'
import { makePartialClone, type PartialClone } from './helpers/partial-clone.js'
import { cutPower } from './helpers/power-cut.js'
import { agentRuns, contentOf, gitIn } from './helpers/tree.js'
import { openWorld, type World } from './helpers/world.js'

interface Cut extends PartialClone {
  readonly world: World
  readonly path: string
  readonly gitDir: string
}

const WORK = `
  echo one > one; git add one; git commit -qm one; git commit -q --amend -m uno
  mkdir -p wide; echo new > wide/new; git add --sparse wide/new; echo loose > loose`

/** A task in a partial clone, in which an agent has worked after the remote was gone. */
async function cutOff(options: readonly string[]): Promise<Cut> {
  const clone = makePartialClone(...options)
  const world = await openWorld({ user: clone.user })
  const { path, gitDir } = await world.engine.create({ id: 'fix' })
  clone.loseRemote()
  agentRuns(clone.user, path, WORK)
  return { ...clone, world, path, gitDir: gitDir! }
}

describe.each([
  ['of all files', []],
  ['of some files', ['--sparse']],
])('a partial clone with a checkout %s, whose remote is gone,', (_, options) => {
  test('has work checkpointed, parked, brought back and merged, and asks for nothing', async () => {
    const { world, path, wasAsked, user } = await cutOff(options)
    const before = contentOf(user, path)
    expect(await world.engine.checkpoint('fix', undefined)).toMatchObject({ number: 1 })
    expect(await world.engine.command('fix', PARK)).toMatchObject({ worktree: 'absent' })
    expect(await world.engine.command('fix', RESUME)).toMatchObject({ worktree: 'present' })
    expect(contentOf(user, path)).toEqual(before)
    rmSync(path, { recursive: true })
    await world.engine.recover()
    expect(contentOf(user, path)).toEqual(before)
    expect(await world.engine.diagnose()).toEqual({ healthy: true, drifts: [] })
    expect(await world.engine.command('fix', mergeRequest())).toMatchObject({ status: 'merged' })
    expect(world.problems).toEqual([])
    expect(wasAsked()).toBe(false)
    expect(user.git('show', 'main:wide/new')).toBe('new')
    expect(user.git('fsck', '--connectivity-only', '--no-dangling')).toBe('')
  })

  test('has its branch put back after a power cut, and nothing that was promised taken for lost', async () => {
    const { world, path, wasAsked, user } = await cutOff(options)
    const first = gitIn(user, path, 'rev-parse', 'HEAD').trim()
    const flags = gitIn(user, path, 'ls-files', '-t')
    await world.engine.checkpoint('fix', undefined)
    cutPower(world, () => agentRuns(user, path, 'echo two > two; git add two; git commit -qm two'))
    await world.engine.recover()
    expect(world.problems).toEqual([])
    expect(wasAsked()).toBe(false)
    expect(user.git('rev-parse', 'coppice/fix')).toBe(first)
    expect(gitIn(user, path, 'ls-files', '-t')).toBe(flags)
  })

  test('has what was discarded pinned where the reflog names what is not there', async () => {
    const { world, path, gitDir, wasAsked, user } = await cutOff(options)
    const amended = gitIn(user, path, 'rev-parse', 'HEAD@{1}').trim()
    const text = `tree ${gitIn(user, path, 'rev-parse', 'HEAD^{tree}').trim()}\nparent ${'a'.repeat(40)}`
    const by = 'x <x> 1 +0000'
    const lines = `${text}\nauthor ${by}\ncommitter ${by}\n\nx\n`.replaceAll('\n', String.raw`\n`)
    const torn = agentRuns(user, path, `printf '${lines}' | git hash-object -t commit -w --stdin`).trim()
    appendFileSync(join(gitDir, 'logs/HEAD'), `${'0'.repeat(40)} ${torn} ${by}\t\n`)
    await world.engine.command('fix', PARK)
    expect(world.problems).toEqual([])
    expect(wasAsked()).toBe(false)
    expect(user.git('for-each-ref', '--contains', amended, 'refs/coppice/fix/discarded/')).not.toBe('')
  })
})

describe('in a sparse checkout of a partial clone an agent’s own file in the place of one that nobody has fetched', () => {
  test.each([
    ['as it wrote it', 'true'],
    ['after git has added everything else', 'git add --all'],
    ['staged', 'git add --sparse wide/file'],
    ['staged and written again', 'git add --sparse wide/file; echo mine > wide/file'],
    ['beside one of which only the index is told to look', 'git update-index --no-skip-worktree wide/other'],
  ])('comes back and is merged: %s', async (_, then) => {
    const clone = makePartialClone('--sparse')
    const { user, loseRemote, wasAsked } = clone
    const world = await openWorld({ user })
    const { path } = await world.engine.create({ id: 'fix' })
    loseRemote()
    agentRuns(
      user,
      path,
      `mkdir -p wide; echo draft > wide/file; echo loose > loose; ${then}; echo mine > wide/file`,
    )
    const before = contentOf(user, path)
    await world.engine.command('fix', PARK)
    await world.engine.command('fix', RESUME)
    expect(contentOf(user, path)).toEqual(before)
    expect(await world.engine.command('fix', mergeRequest())).toMatchObject({ status: 'merged' })
    expect(world.problems).toEqual([])
    expect(user.git('show', 'main:wide/file')).toBe('mine')
    expect(wasAsked()).toBe(false)
  })
})

test('a base whose files nobody has fetched fails clearly while the remote is gone, and works when it is back', async () => {
  const { world, user, wasAsked } = await cutOff([])
  await expect(world.engine.create({ id: 'old', base: 'HEAD~2' })).rejects.toThrow(/promisor remote/)
  expect(wasAsked()).toBe(true)
  user.git('config', '--unset', 'remote.origin.uploadpack')
  const { path } = await world.engine.create({ id: 'older', base: 'HEAD~2' })
  expect(gitIn(user, path, 'show', 'HEAD:wide/file')).toBe('two\n')
})
