import { rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { expectRepaired } from './helpers/drift.js'
import { editedTask } from './helpers/edited.js'
import { gitIn } from './helpers/tree.js'

const CONFLICT = `
  echo base > c; git add c; git commit -qm base
  git checkout -qb side; echo theirs > c; git commit -qam theirs
  git checkout -q coppice/fix; echo ours > c; git commit -qam ours
  git merge -q side || true
  echo staged > s; git add s; git update-index --assume-unchanged README.md`

test('an entry that is made anew has the index of the newest checkpoint, conflicts and all', async () => {
  const { world, task } = await editedTask(CONFLICT)
  await world.engine.checkpoint('fix', undefined)
  const before = gitIn(world.user, task.path, 'ls-files', '--stage', '-v')
  expect(before).toMatch(/ 3\tc$/m)
  rmSync(task.gitDir!, { recursive: true })
  await expectRepaired(world, 'entry-missing')
  expect(gitIn(world.user, task.path, 'ls-files', '--stage', '-v')).toBe(before)
})
