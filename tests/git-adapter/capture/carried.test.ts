import type { Checkpoint } from '@coppice/core'
import { spawn } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { mergeRequest, PARK, RESUME } from '../../core/helpers/requests.js'
import { agentRuns, filesIn } from '../helpers/tree.js'
import { openWorld, type World } from '../helpers/world.js'

const LISTS = `printf '.env\\nbuild/\\n' > .gitignore; echo .env > .worktreeinclude; git add -A; git commit -qm lists`

async function edited(script: string): Promise<{ readonly world: World; readonly path: string }> {
  const world = await openWorld()
  const { path } = await world.engine.create({ id: 'fix' })
  agentRuns(world.user, path, script)
  return { world, path }
}

const checkpoint = ({ engine }: World) => engine.checkpoint('fix', undefined)

test('takes the ignored files that are named, and no others, as a tree of their own', async () => {
  const { world } = await edited(`${LISTS}; echo secret > .env; mkdir build; echo o > build/o`)
  const taken = (await checkpoint(world))!
  const names = (tree: string): string[] => world.user.git('ls-tree', '-r', '--name-only', tree).split('\n')
  expect(names(taken.carried!)).toEqual(['.env'])
  expect(names(taken.tree)).not.toContain('.env')
  expect(world.user.git('rev-list', '--objects', taken.ref)).toContain(taken.carried)
})

test('notices that one of them has changed, is new, or is gone, and nothing else', async () => {
  const { world, path } = await edited(`${LISTS}; echo secret > .env`)
  const first = (await checkpoint(world))!
  expect(await checkpoint(world)).toEqual(first)
  agentRuns(world.user, path, 'mkdir build; echo o > build/o')
  expect(await checkpoint(world)).toEqual(first)
  for (const script of ['echo other > .env', 'mkdir deep; echo new > deep/.env', 'rm .env', 'rm deep/.env']) {
    const before = world.engine.find('fix')!.checkpoint!
    agentRuns(world.user, path, script)
    const after = (await checkpoint(world))!
    expect([script, after.number, after.tree]).toEqual([script, before.number + 1, before.tree])
  }
  expect(world.engine.find('fix')!.checkpoint).not.toHaveProperty('carried')
})

test('are all held, though one of them changes while it is read', async () => {
  const { world, path } = await edited(`
    echo '*.log' | tee .gitignore > .worktreeinclude; git add -A; git commit -qm lists
    echo kept > kept.log; head -c 8000000 /dev/urandom > busy.log`)
  const busy = join(path, 'busy.log')
  const writer = spawn('sh', ['-c', `for i in $(seq 400); do echo x >> '${busy}'; sleep 0.005; done`])
  onTestFinished(() => void writer.kill())
  const taken = await checkpoint(world).catch((error: unknown) => error)
  // A worktree that changes too fast is told of; what is pinned is never less than what is there.
  const held =
    taken instanceof Error
      ? 'kept.log'
      : world.user.git('ls-tree', '--name-only', (taken as Checkpoint).carried!)
  expect(held).toContain('kept.log')
})

test('keep a branch that went on from being resumed over them', async () => {
  const { world } = await edited(`${LISTS}; echo secret > .env`)
  await world.engine.command('fix', PARK)
  const tip = world.user.git('commit-tree', 'coppice/fix^{tree}', '-p', 'coppice/fix', '-m', 'on')
  world.user.git('branch', '--force', 'coppice/fix', tip)
  expect(await world.engine.command('fix', RESUME)).toMatchObject({ failure: { code: 'branch-moved' } })
})

test('are never merged', async () => {
  const { world } = await edited(`${LISTS}; echo secret > .env; echo x > x`)
  expect(await world.engine.command('fix', mergeRequest())).toMatchObject({ status: 'merged' })
  const merged = world.user.git('ls-tree', '-r', '--name-only', 'main').split('\n')
  expect(merged).toContain('x')
  expect(merged).not.toContain('.env')
})

test('come back with a worktree that was lost', async () => {
  const { world, path } = await edited(`${LISTS}; echo secret > .env; echo x > x`)
  await checkpoint(world)
  const before = filesIn(path)
  rmSync(path, { recursive: true })
  await world.engine.recover()
  expect(filesIn(path)).toEqual(before)
})

/** The task is parked as asked, and its worktree stays for a reason. */
async function expectKept({ engine, problems }: World, path: string, error: object): Promise<void> {
  const before = filesIn(path)
  expect(await engine.command('fix', PARK)).toMatchObject({ status: 'parked', worktree: 'present' })
  expect(problems).toEqual([
    expect.objectContaining({ effect: 'remove', error: expect.objectContaining(error) }),
  ])
  expect(filesIn(path)).toEqual(before)
}

test('keep a worktree where they cannot be captured', async () => {
  const user = 'git() { command git -c user.name=x -c user.email=x@example.invalid "$@"; };'
  const { world, path } = await edited(`${user}
    printf 'own/\n' | tee .gitignore > .worktreeinclude; git init -q own; git -C own commit -qm work --allow-empty`)
  await expectKept(world, path, { reason: expect.objectContaining({ code: 'uncaptured' }) })
})

test('keep a worktree where their list is too long to be one', async () => {
  const { world, path } = await edited('echo x > x')
  writeFileSync(join(path, '.worktreeinclude'), 'x\n'.repeat(40_000))
  await expectKept(world, path, { code: 'include-list-too-long' })
})
