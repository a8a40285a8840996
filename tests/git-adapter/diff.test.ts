import { existsSync, rmSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ABANDON, mergeRequest, PARK } from '../core/helpers/requests.js'
import { listing } from '../helpers/listing.js'
import { agentRuns } from './helpers/tree.js'
import { openWorld, type World } from './helpers/world.js'

async function edited(script: string): Promise<{ world: World; path: string; diff: () => Promise<string> }> {
  const world = await openWorld()
  const { path } = await world.engine.create({ id: 'fix' })
  agentRuns(world.user, path, script)
  const diff = async (): Promise<string> => {
    const bytes = await world.workspace.diff(world.engine.find('fix')!, { color: false, stat: false })
    return bytes.toString('latin1')
  }
  return { world, path, diff }
}

const changedFiles = (diff: string): string[] =>
  [...diff.matchAll(/^diff --git a\/(.*) b\//gm)].map(([, file]) => file!)

const WORK = `
  echo committed > committed; git add --all; git commit -qm one; echo staged > staged; git add staged
  echo untracked > untracked; echo edited >> README.md; rm src/numbers.txt; echo junk > junk; echo junk > .gitignore`

describe('a diff', () => {
  test('shows what was committed, staged, edited, deleted and is not tracked yet, and nothing that is ignored', async () => {
    const { diff } = await edited(WORK)
    const text = await diff()
    expect(changedFiles(text)).toEqual([
      '.gitignore',
      'README.md',
      'committed',
      'src/numbers.txt',
      'staged',
      'untracked',
    ])
    expect(text).toContain('+edited\n')
  })

  test('is against what the task shares with the branch that it is to land on', async () => {
    const { world, path, diff } = await edited('echo mine > mine')
    world.user.commit('theirs', 'x')
    expect(changedFiles(await diff())).toEqual(['mine'])
    agentRuns(world.user, path, 'git merge -q main')
    expect(changedFiles(await diff())).toEqual(['mine'])
  })

  test.each([PARK, ABANDON])(
    'is the same from the checkpoint once the worktree was taken away by %j',
    async (request) => {
      const { world, path, diff } = await edited(WORK)
      const before = await diff()
      await world.engine.command('fix', request)
      expect(existsSync(path)).toBe(false)
      expect(await diff()).toBe(before)
    },
  )

  test('is the same from the checkpoint when the worktree was lost', async () => {
    const { world, path, diff } = await edited(WORK)
    const before = await diff()
    await world.engine.checkpoint('fix', undefined)
    rmSync(path, { recursive: true })
    expect(await diff()).toBe(before)
  })

  test('of a merged task shows what it brought', async () => {
    const { world, diff } = await edited(WORK)
    const before = changedFiles(await diff())
    world.user.commit('theirs', 'x')
    await world.engine.command('fix', mergeRequest())
    expect(changedFiles(await diff())).toEqual(before)
  })

  test('keeps bytes that are not UTF-8', async () => {
    const { diff } = await edited("printf 'caf\\xe9\\n' > latin; printf '\\xff' > $'\\xfe'")
    expect(await diff()).toContain('+caf\u00e9\n')
  })

  test('shows line ends as they would be committed', async () => {
    const { diff } = await edited(`
      printf '* text=auto\\n' > .gitattributes; git add --all; git commit -qm attributes
      printf 'hello\\r\\nworld\\r\\nmore\\r\\n' > src/greeting.txt`)
    expect(await diff()).toMatch(/^ hello\n world\n\+more\n/m)
  })

  test('of a task on a branch without a commit shows its files all the same', async () => {
    const { diff } = await edited('git checkout -q --orphan fresh; echo x > x')
    expect(changedFiles(await diff())).toEqual(['x'])
  })

  test('writes nothing, neither into the repository nor into the worktree', async () => {
    const { world, diff } = await edited(WORK)
    const before = listing(world.user.scratch)
    await diff()
    expect(listing(world.user.scratch)).toEqual(before)
  })

  test('comes with colours or as a summary when asked for', async () => {
    const { world } = await edited(WORK)
    const task = world.engine.find('fix')!
    expect((await world.workspace.diff(task, { color: true, stat: false })).toString()).toContain('\u001B[')
    expect((await world.workspace.diff(task, { color: false, stat: true })).toString()).toContain(
      '6 files changed',
    )
  })
})
