import { createHash } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { mergeRequest, PARK, RESUME } from '../../core/helpers/requests.js'
import { editedTask } from '../helpers/edited.js'
import { agentRuns, gitIn } from '../helpers/tree.js'

/** Writes another name into an index in the place of one that is as long, as no git would. */
function rename(gitDir: string, from: string, to: string): void {
  const file = join(gitDir, 'index')
  const bytes = readFileSync(file).subarray(0, -20)
  Buffer.from(to).copy(bytes, bytes.indexOf(from))
  writeFileSync(file, Buffer.concat([bytes, createHash('sha1').update(bytes).digest()]))
}

test.each([
  ['in the worktree’s own', 'agit/hooks/x', '.git/hooks/x', 'true'],
  [
    'in a directory of its own',
    'a/bgit/hooks',
    'a/.git/hooks',
    'mkdir -p a/.git; echo mine > a/.git/hooks; echo work > a/work',
  ],
  ['beside nothing', 'a/bgit/hooks', 'a/.git/hooks', 'mkdir -p a/.git; echo mine > a/.git/hooks'],
])('an index with an entry below `.git` %s keeps nothing from being pinned', async (_, from, to, script) => {
  const { world, task } = await editedTask('echo u > u')
  agentRuns(
    world.user,
    task.path,
    `printf '100644 %s 0\t%s\n' $(git hash-object -w u) ${from} | git update-index --index-info`,
  )
  rename(task.gitDir!, from, to)
  agentRuns(world.user, task.path, script)
  const checkpoint = await world.engine.checkpoint('fix', undefined)
  const names = world.user.git('ls-tree', '-r', '--name-only', checkpoint!.commit).split('\n')
  expect(names).toContain('u')
  expect(names).not.toContain(to)
  const staged = gitIn(world.user, task.path, 'ls-files', '--stage')
  rmSync(join(task.path, 'a'), { recursive: true, force: true })
  await world.engine.command('fix', PARK)
  const { path, worktree } = await world.engine.command('fix', RESUME)
  expect(worktree).toBe('present')
  expect(world.problems).toEqual([])
  expect(gitIn(world.user, path, 'ls-files', '--stage')).toBe(staged)
  await world.engine.command('fix', mergeRequest())
  expect(world.user.git('ls-tree', '-r', '--name-only', 'main').split('\n')).not.toContain(to)
  expect(world.user.git('show', 'main:u')).toBe('u')
})
