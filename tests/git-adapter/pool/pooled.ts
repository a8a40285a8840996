import type { FillOptions, Spare } from '@coppice/git-adapter'
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { debrisOf } from '../helpers/debris.js'
import { expectHealthy } from '../helpers/drift.js'
import { gitIn } from '../helpers/tree.js'
import { openWorld, type World, type WorldOptions } from '../helpers/world.js'

/** More than any test's worktrees take. */
const PLENTY = 2 ** 30

/** Makes the pool as the options say, by default of one ready worktree, and answers with what is in it. */
export async function fill(
  { workspace }: World,
  options: Partial<FillOptions> = {},
): Promise<readonly Spare[]> {
  await workspace.fillPool({ size: 1, maxBytes: PLENTY, revisions: ['HEAD'], wait: true, ...options })
  return workspace.spares()
}

/** An engine on a repository with one ready worktree, at a revision or at HEAD. */
export async function openPooled(
  options: WorldOptions = {},
  revision = 'HEAD',
): Promise<{ readonly world: World; readonly spare: Spare }> {
  const world = await openWorld(options)
  const [spare] = await fill(world, { revisions: [revision] })
  return { world, spare: spare! }
}

/** All that is in a repository for ready worktrees, and beside the worktrees of its tasks. */
export function poolOf({ repository, user }: World): string[] {
  return [
    ...namesIn(join(repository.commonDir, 'coppice', 'pool')),
    ...namesIn(join(`${user.path.replace(/\.git$/, '')}.worktrees`, '.pool')),
  ]
}

export function inodeOf(path: string): bigint {
  return lstatSync(path, { bigint: true }).ino
}

/** Everything below a directory but its `.git`, by name: kind, mode, and the bytes or the target. */
export function everythingIn(directory: string): Record<string, string> {
  const found: Record<string, string> = {}
  const look = (below: Buffer): void => {
    const here = Buffer.concat([Buffer.from(`${directory}/`), below])
    for (const { name } of readdirSync(here, { withFileTypes: true, encoding: 'buffer' })) {
      const path = Buffer.concat([below, name])
      if (path.toString('latin1') === '.git') continue
      const file = Buffer.concat([Buffer.from(`${directory}/`), path])
      const stat = lstatSync(file)
      found[path.toString('latin1')] = `${stat.mode.toString(8)} ${contentAt(file)}`
      if (stat.isDirectory()) look(Buffer.concat([path, Buffer.from('/')]))
    }
  }
  look(Buffer.alloc(0))
  return found
}

function contentAt(file: Buffer): string {
  const stat = lstatSync(file)
  if (stat.isSymbolicLink()) return readlinkSync(file, 'latin1')
  return stat.isFile() ? readFileSync(file, 'latin1') : ''
}

/** That a task's worktree is what git makes of its base, that git sees nothing to do in it, and that nothing else is left. */
export async function expectWhole(world: World, id: string): Promise<void> {
  const { user, engine } = world
  const { path, base, branch, gitDir, status } = engine.find(id)!
  expect(status).toBe('active')
  const anew = join(user.scratch, `anew-${id}`)
  user.git('worktree', 'add', '--quiet', '--detach', anew, base.commit)
  const found = [everythingIn(path), gitIn(user, path, 'ls-files', '-s', '-z')]
  expect(found).toEqual([everythingIn(anew), gitIn(user, anew, 'ls-files', '-s', '-z')])
  user.git('worktree', 'remove', '--force', '--force', anew)
  expect(gitIn(user, path, 'status', '--porcelain', '--branch', '--ignored')).toBe(`## ${branch}\n`)
  expect(gitIn(user, path, 'rev-parse', 'HEAD').trim()).toBe(base.commit)
  expect(user.git('-C', path, 'rev-parse', '--absolute-git-dir')).toBe(gitDir)
  expect(user.git('worktree', 'list', '--porcelain')).toContain(
    `worktree ${path}\nHEAD ${base.commit}\nbranch refs/heads/${branch}`,
  )
  await expectTidy(world)
}

/** That doctor finds nothing, and that nothing is left over once what is done at every opening is done. */
export async function expectTidy(world: World): Promise<void> {
  await world.workspace.tidy()
  await expectHealthy(world)
  const spares = await world.workspace.spares()
  expect(poolOf(world).toSorted()).toEqual(
    spares.flatMap(({ path }) => [nameOf(path), nameOf(path)]).toSorted(),
  )
  const isPool = (each: string): boolean => spares.length > 0 && each === 'directory .pool'
  const hasTasks = world.engine.tasks().length > 0
  expect(hasTasks ? debrisOf(world).filter((each) => !isPool(each)) : []).toEqual([])
}

function nameOf(path: string): string {
  return path.split('/').at(-1)!
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
