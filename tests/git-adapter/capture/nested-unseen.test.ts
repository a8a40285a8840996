import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { PARK } from '../../core/helpers/requests.js'
import { editedTask } from '../helpers/edited.js'

const REPOSITORY =
  'git init -q x; git -C x -c user.name=a -c user.email=a@b commit -q --allow-empty -m precious; rm x/.git/HEAD'

/** What makes a `.git` that git passes over without a word, and the directory that it is in. */
const UNSEEN: Readonly<Record<string, readonly [script: string, directory: string]>> = {
  'a damaged repository': [REPOSITORY, 'x/'],
  'a damaged repository beside a file': [`${REPOSITORY}; echo work > x/work`, 'x/'],
  'a damaged repository deep in empty directories': [`${REPOSITORY}; mkdir -p a/b; mv x a/b/x`, 'a/b/x/'],
  'a damaged repository beside a file that is ignored': [
    `${REPOSITORY}; echo '*.log' > .gitignore; echo log > x/x.log`,
    'x/',
  ],
  'a damaged repository below a directory with a file': [
    `${REPOSITORY}; mkdir -p a; echo a > a/a; mv x a/x`,
    'a/x/',
  ],
  'a damaged repository below a tracked directory': [`${REPOSITORY}; mv x src/x`, 'src/x/'],
  'files that are no repository': ['mkdir -p x/.git; echo mine > x/.git/mine; echo work > x/work', 'x/'],
  'a file': ['mkdir x; echo mine > x/.git; echo work > x/work', 'x/'],
  'a file with nothing beside it, in a directory with an odd name': [
    String.raw`mkdir $'x\ny'; echo mine > $'x\ny/.git'`,
    'x\ny/',
  ],
}

describe.each(Object.entries(UNSEEN))('a `.git` that is %s', (_, [script, directory]) => {
  test('keeps its worktree from being taken away, and is named', async () => {
    const { world, task } = await editedTask(script)
    await world.engine.command('fix', PARK)
    const { worktree, checkpoint } = world.engine.find('fix')!
    expect(worktree).toBe('present')
    expect(checkpoint!.uncaptured).toEqual([directory])
    expect(world.problems).toMatchObject([{ error: { reason: { code: 'uncaptured' } } }])
    expect(existsSync(join(task.path, directory, '.git'))).toBe(true)
    rmSync(join(task.path, directory, '.git'), { recursive: true })
    await world.engine.recover()
    expect(world.engine.find('fix')).toMatchObject({ worktree: 'absent' })
  })
})

test('what is ignored goes with the worktree, a repository in it as well, and so do empty directories', async () => {
  const script = `echo ignored/ > .gitignore; mkdir -p ignored none/at/all; ${REPOSITORY}; mv x ignored/x; git init -q ignored`
  const { world } = await editedTask(script)
  await world.engine.command('fix', PARK)
  expect(world.problems).toEqual([])
  expect(world.engine.find('fix')).toMatchObject({ worktree: 'absent', checkpoint: { uncaptured: [] } })
})

test('a symbolic link to a repository elsewhere is a link, and not followed', async () => {
  const { world } = await editedTask(
    'git init -q ../elsewhere; ln -s ../elsewhere link; mkdir a; ln -s ../elsewhere a/link',
  )
  expect(await world.engine.checkpoint('fix', undefined)).toMatchObject({ uncaptured: [] })
})
