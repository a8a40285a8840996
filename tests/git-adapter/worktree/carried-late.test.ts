import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fact } from '@coppice/testkit'
import { expect, test, vi } from 'vitest'
import { PARK, RESUME } from '../../core/helpers/requests.js'
import { debrisOf } from '../helpers/debris.js'
import { editedTask, type Edited } from '../helpers/edited.js'
import { fakeGit } from '../helpers/fake-git.js'
import { filesIn } from '../helpers/tree.js'

/** A task with an ignored file that is carried along, and one that is not. */
async function carrying(): Promise<Edited> {
  const edited = await editedTask(
    `printf '.env\\ncache\\n' > .gitignore; echo .env > .worktreeinclude; git add --all; git commit -qm ignore
     echo early > .env; echo early > cache`,
  )
  await edited.world.engine.checkpoint('fix', undefined)
  return edited
}

test('what is written late into a file that is carried along comes back with the task', async () => {
  const { world, task } = await carrying()
  const trash = join(dirname(task.path), '.trash')
  const meddle = `for d in '${trash}'/fix~*/; do test ! -d "$d" || echo late > "$d/.env"; done`
  vi.stubEnv('PATH', fakeGit(world.user.scratch, `${meddle}; exec git "$@"`))
  await world.engine.command('fix', PARK)
  vi.stubEnv('PATH', world.user.env['PATH'])
  expect(world.engine.find('fix')).toMatchObject({ worktree: 'absent' })
  await world.engine.command('fix', RESUME)
  expect(filesIn(task.path)).toMatchObject({ '.env': 'file - late\n' })
  expect([world.problems, debrisOf(world)]).toEqual([[], []])
})

/** What a process that died has left in the trash without git's entry of it, and what is salvaged of that. */
async function salvagedOf(text: string): Promise<string> {
  const { world } = await carrying()
  const task = world.engine.find('fix')!
  await world.log.append('task/fix', [fact('task.abandoned')], task.version)
  const trash = join(dirname(task.path), '.trash/fix~1')
  mkdirSync(dirname(trash))
  renameSync(task.path, trash)
  rmSync(task.gitDir!, { recursive: true })
  writeFileSync(join(trash, '.env'), text)
  await world.engine.recover()
  expect([world.problems, debrisOf(world)]).toEqual([[], []])
  const [pin = ''] = world.user
    .git('for-each-ref', '--format=%(refname)', 'refs/coppice/fix/salvaged')
    .split('\n')
  return pin === '' ? '' : world.user.git('cat-file', 'blob', `${pin}^2:.env`)
}

test('it is pinned where git’s entry of the worktree is gone as well', async () => {
  expect(await salvagedOf('late\n')).toBe('late')
})

test('nothing is pinned where it is as the newest checkpoint holds it', async () => {
  expect(await salvagedOf('early\n')).toBe('')
})
