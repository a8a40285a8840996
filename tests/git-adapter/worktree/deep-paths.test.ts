import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ABANDON, mergeRequest, PARK } from '../../core/helpers/requests.js'
import { debrisOf } from '../helpers/debris.js'
import { editedTask, type Edited } from '../helpers/edited.js'
import { agentRuns } from '../helpers/tree.js'

/** Bytes of a path that the system takes, its end included. */
const PATH_MAX = Number(execFileSync('getconf', ['PATH_MAX', '/'], { encoding: 'utf8' }))

/** Has an agent go down a step at a time to where a path has so many bytes below `top`, and run something there. */
function goDown({ world, task }: Edited, top: string, bytes: number, script: string): void {
  // Node names all that it deletes by whole paths.
  onTestFinished(() => void execFileSync('rm', ['-rf', world.user.scratch]))
  const down = `
    step() { local name; printf -v name '%*s' "$1" ''; name=\${name// /d}; mkdir "$name"; cd "$name"; }
    mkdir -p ${top}; cd ${top}; left=${bytes}
    while [ "$left" -gt 250 ]; do step 200; left=$((left - 201)); done
    step $((left - 1)); ${script}`
  agentRuns(world.user, task.path, down)
}

/** Bytes that are left below a task's worktree for what can be named there. */
function room({ task }: Edited): number {
  return PATH_MAX - 1 - task.path.length
}

describe('directories so deep that no path can name them', () => {
  test('keep their worktree from being taken away, and are told; all else is pinned', async () => {
    const found = await editedTask('echo work > work')
    const { world, task } = found
    goDown(found, 'deep', PATH_MAX + 1_000, 'echo deep > file')
    const taken = await world.engine.checkpoint('fix', undefined)
    expect(taken!.uncaptured).toEqual([expect.stringMatching(/^deep\/d/)])
    await world.engine.command('fix', PARK)
    expect(world.problems).toMatchObject([{ error: { reason: { code: 'uncaptured' } } }])
    expect(world.engine.find('fix')).toMatchObject({ status: 'parked', worktree: 'present' })
    agentRuns(world.user, task.path, 'rm -rf deep')
    await world.engine.recover()
    expect(world.engine.find('fix')).toMatchObject({ worktree: 'absent' })
  })

  test('do not keep a change from landing', async () => {
    const found = await editedTask('echo work > work')
    goDown(found, 'deep', PATH_MAX + 1_000, ':')
    expect(await found.world.engine.command('fix', mergeRequest())).toMatchObject({ status: 'merged' })
    expect(found.world.user.git('show', 'main:work')).toBe('work')
    expect(found.world.engine.find('fix')).toMatchObject({ worktree: 'present' })
  })

  test('may hide a repository, also where git still sees into them', async () => {
    const found = await editedTask(':')
    goDown(found, 'deep', room(found) - 3, 'mkdir .git; echo mine > .git/mine')
    await found.world.engine.command('fix', PARK)
    expect(found.world.problems).toMatchObject([{ error: { reason: { code: 'uncaptured' } } }])
    expect(found.world.engine.find('fix')).toMatchObject({ worktree: 'present' })
  })
})

test('files that are too deep to be looked at in the trash come back from there, and stay in the checkpoint', async () => {
  const found = await editedTask(':')
  const { world, task } = found
  goDown(found, 'deep', room(found) - 10, 'echo deep > file')
  for (const attempt of [1, 2]) {
    await (attempt === 1 ? world.engine.command('fix', ABANDON) : world.engine.recover())
    expect(world.engine.find('fix')).toMatchObject({
      worktree: 'present',
      checkpoint: { number: 1, uncaptured: [] },
    })
    expect(existsSync(join(task.path, 'deep'))).toBe(true)
  }
  const { tree } = world.engine.find('fix')!.checkpoint!
  expect(world.user.git('ls-tree', '-r', '--name-only', tree)).toMatch(/^deep\/d.*\/file$/m)
  expect(world.problems).toMatchObject([1, 2].map(() => ({ error: { reason: { code: 'uncaptured' } } })))
})

test.each([
  ['just too deep for the trash', (found: Edited) => room(found) - 10],
  ['too deep for any path', () => 3 * PATH_MAX],
])(
  'ignored directories that are %s go with their worktree, and what links in them lead to stays',
  async (_, bytes) => {
    const found = await editedTask('echo ignored > .gitignore')
    const { world, task } = found
    const outside = join(world.user.scratch, 'outside')
    agentRuns(world.user, task.path, `mkdir '${outside}'; echo precious > '${outside}/file'`)
    goDown(found, 'ignored', bytes(found), `ln -s '${outside}' link; echo x > x; chmod 500 .`)
    symlinkSync(outside, join(task.path, 'ignored/link'))
    writeFileSync(join(task.path, 'work'), 'work')
    await world.engine.command('fix', ABANDON)
    expect([world.problems, debrisOf(world)]).toEqual([[], []])
    expect(world.engine.find('fix')).toMatchObject({ worktree: 'absent' })
    expect(readFileSync(join(outside, 'file'), 'utf8')).toBe('precious\n')
  },
)
