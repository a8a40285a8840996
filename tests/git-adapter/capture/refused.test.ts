import { existsSync, lstatSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ABANDON, mergeRequest, PARK, RESUME } from '../../core/helpers/requests.js'
import { editedTask } from '../helpers/edited.js'
import { agentRuns, filesIn } from '../helpers/tree.js'

// Names that are git's own on some system or other, or where git reads what it must not be led to by a link.
const REFUSED = ['.git.', '.gitmodules', 'deep/git~1']
const MAKE = `mkdir deep; echo 1 > deep/git~1; echo 2 > .git.; ln -s target .gitmodules; echo work > work`

test('what git refuses to hold keeps nothing else from being held, and is not taken away', async () => {
  const { world, task } = await editedTask(MAKE)
  const { engine, user } = world
  const checkpoint = await engine.checkpoint('fix', undefined)
  expect(checkpoint).toMatchObject({ number: 1, uncaptured: REFUSED })
  expect(user.git('show', `${checkpoint?.tree}:work`)).toBe('work')
  await engine.command('fix', ABANDON)
  expect(world.problems).toMatchObject([{ error: { reason: { code: 'uncaptured' } } }])
  expect(lstatSync(join(task.path, '.gitmodules')).isSymbolicLink()).toBe(true)
  for (const name of REFUSED) rmSync(join(task.path, name))
  await engine.recover()
  expect(existsSync(task.path)).toBe(false)
})

test('a tracked file in whose place there is something that git refuses keeps nothing from being merged', async () => {
  const { world, task } = await editedTask(
    'echo "# none" > .gitmodules; git add .gitmodules; git commit -qm none',
  )
  agentRuns(world.user, task.path, 'ln -sf target .gitmodules; echo work > work')
  await world.engine.command('fix', mergeRequest())
  expect(world.engine.find('fix')).toMatchObject({ status: 'merged' })
  expect(world.user.git('show', 'main:work')).toBe('work')
  expect(existsSync(task.path)).toBe(true)
})

test('what git refuses among files that are carried along keeps no other from being carried', async () => {
  const { world, task } = await editedTask(
    `echo ignored/ > .gitignore; echo ignored/ > .worktreeinclude; mkdir ignored; echo 1 > ignored/key; echo 2 > ignored/.git.`,
  )
  const { engine } = world
  expect(await engine.checkpoint('fix', undefined)).toMatchObject({ uncaptured: ['ignored/.git.'] })
  rmSync(join(task.path, 'ignored/.git.'))
  const before = filesIn(task.path)
  await engine.command('fix', PARK)
  await engine.command('fix', RESUME)
  expect(filesIn(task.path)).toEqual(before)
})
