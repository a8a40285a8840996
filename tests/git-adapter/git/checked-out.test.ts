import { GitError } from '@coppice/git-adapter'
import { expect, test } from 'vitest'
import { checkedOut } from '../../../packages/git-adapter/src/git/checked-out.js'
import { makeRepository } from '../../helpers/repository.js'
import { useEnvironment } from '../helpers/environment.js'
import { agentRuns } from '../helpers/tree.js'

const place = () => {
  const user = makeRepository()
  useEnvironment(user.env)
  user.git('config', 'filter.loud.smudge', 'tr a-z A-Z')
  agentRuns(user, user.path, "printf '*\\351 filter=loud\\ncaf\\303\\251 filter=loud\\n' > .gitattributes")
  const oid = user.git('rev-parse', 'main:README.md')
  return { user, oid, at: { gitDir: `${user.path}/.git`, workTree: user.path } }
}

test.each([
  ['a name in UTF-8', [0x63, 0x61, 0x66, 0xc3, 0xa9], true],
  ['a name in Latin-1', [0x63, 0x61, 0x66, 0xe9], true],
  ['a name in Latin-1 with a line break', [0x0a, 0x20, 0xe9], true],
  ['a name that no attribute is for', [0x63, 0x61, 0x66, 0xe8], false],
])('an object is made into a file as attributes of its path want it: %s', async (_, name, isLoud) => {
  const { user, oid, at } = place()
  const plain = user.git('cat-file', 'blob', oid)
  const made = (await checkedOut(at, Buffer.from(name), oid)).toString('utf8').trim()
  expect(made).toBe(isLoud ? plain.toUpperCase() : plain)
  expect(plain).not.toBe(plain.toUpperCase())
})

test.each([[0x61], [0xe9]])('an object that is missing is told of, whatever the path (%s)', async (byte) => {
  await expect(checkedOut(place().at, Buffer.of(byte), '1'.repeat(40))).rejects.toThrow(GitError)
})
