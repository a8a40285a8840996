import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isBranchName } from '../../packages/git-adapter/src/git/branch-name.js'
import { makeRepository } from '../helpers/repository.js'
import { openWorld } from './helpers/world.js'

const part = fc.constantFrom(
  'a',
  '-',
  '/',
  '.',
  '..',
  '.lock',
  '@',
  '@{',
  '~',
  '^',
  ':',
  '?',
  '*',
  '[',
  '\\',
  ' ',
  '\t',
  '\x7f',
  'ü',
)

test('the names that git takes for a branch are the ones that pass', () => {
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
      const name = parts.join('')
      const { status } = spawnSync('git', ['check-ref-format', `refs/heads/${name}`])
      // Beyond that, git makes no branch whose name begins as an option does.
      expect(isBranchName(name)).toBe(status === 0 && !name.startsWith('-'))
    }),
    { numRuns: 300 },
  )
})

test.each(['agents..', 'an agent/', '/agents/', '-agents/', 'agents.lock/', '.agents/'])(
  'a task whose branch git would refuse because of the prefix %j is refused, and nothing is made',
  async (prefix) => {
    const user = makeRepository()
    user.git('config', 'coppice.branchPrefix', prefix)
    const world = await openWorld({ user })
    await expect(world.engine.create({ id: 'fix' })).rejects.toMatchObject({
      code: 'branch-prefix-invalid',
      message: expect.stringContaining(JSON.stringify(prefix)) as string,
      hint: expect.stringContaining('coppice.branchPrefix') as string,
    })
    expect(world.engine.find('fix')).toBeNull()
  },
)
