import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openCoppice } from 'coppice'
import { expect, test } from 'vitest'
import { eventually } from '../../helpers/eventually.js'
import { makeRepository } from '../../helpers/repository.js'

test.each(['', '/', '/etc', '../x', 'a/../b', './a', '.git', 'a/.GIT/b', 'a//b', 'a\0b'])(
  'the path %j is refused',
  async (path) => {
    const repository = makeRepository()
    for (const setting of ['setupInputs', 'keep', 'clone']) {
      const opening = openCoppice({ repo: repository.path, [setting]: ['ok', path] })
      await expect(opening).rejects.toMatchObject({ code: 'invalid-path', setting, path })
    }
  },
)

test('what git’s configuration names more than once counts each time, and a slash at the end does not', async () => {
  const repository = makeRepository()
  repository.write('.gitignore', 'a/\nb/\n')
  repository.commit('lock', 'one\n')
  repository.git('config', 'coppice.poolSize', '1')
  repository.git('config', 'coppice.setup', 'mkdir -p a b c; date +%N > a/when')
  repository.git('config', 'coppice.setupInput', 'lock')
  for (const path of ['a/', 'b']) repository.git('config', '--add', 'coppice.keep', path)
  await using coppice = await openCoppice({ repo: repository.path, refillPool: false })
  await coppice.fillPool()
  const first = await coppice.create({ id: 'first' })
  const when = await first.run(['cat', 'a/when'], { stdio: 'ignore' })
  expect(when.exitCode).toBe(0)
  await first.abandon()
  await eventually(async () => (await coppice.pool())?.ready.length === 1)
  const { path } = await coppice.create({ id: 'second' })
  expect(['a', 'b', 'c'].map((name) => existsSync(join(path, name)))).toEqual([true, true, false])
})
