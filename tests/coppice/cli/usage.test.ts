import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { coppice, errorOf } from '../../helpers/coppice-command.js'
import { makeRepository } from '../../helpers/repository.js'

const COMMANDS =
  'run new exec path list status diff checkpoint merge park resume abandon restore log replay'.split(' ')

test('--version prints the version of the package', async () => {
  const manifest = readFileSync(new URL('../../../packages/coppice/package.json', import.meta.url), 'utf8')
  const { version } = JSON.parse(manifest) as { version: string }
  expect(await coppice(makeRepository(), ['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` })
})

test('--help names every command', async () => {
  const { code, stdout } = await coppice(makeRepository(), ['--help'])
  expect(code).toBe(0)
  for (const name of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'))
})

test.each(COMMANDS)('%s explains itself, with --help and with help', async (name) => {
  const repository = makeRepository()
  const asked = await coppice(repository, [name, '--help'])
  expect(asked).toMatchObject({ code: 0, stderr: '' })
  expect(asked.stdout).toContain(`coppice ${name} [options]`)
  expect(asked.stdout).toContain('--json')
  expect(await coppice(repository, ['help', name])).toEqual(asked)
})

test.each([
  ['no command', []],
  ['an unknown command', ['destroy']],
  ['an unknown option', ['list', '--everything']],
  ['a missing argument', ['new']],
  ['an argument too many', ['path', 'a', 'b']],
  ['run without a program', ['run', 'a', '--']],
  ['run with an empty program', ['run', 'a', '--', '']],
  ['an unknown strategy', ['merge', 'a', '--strategy', 'octopus']],
  ['a position that is no number', ['replay', '--at', 'noon']],
  ['a negative position', ['replay', '--at=-1']],
  ['an option without its value', ['new', 'a', '--base']],
  ['help for an unknown command', ['help', 'destroy']],
])('%s is a usage error: 2, one error, nothing on stdout', async (_, args) => {
  const repository = makeRepository()
  const ended = await coppice(repository, args)
  expect(ended).toMatchObject({ code: 2, stdout: '' })
  expect(ended.stderr).toMatch(/^coppice: .+\n/)
  const asJson = await coppice(repository, ['--json', ...args])
  expect(asJson).toMatchObject({ code: 2, stdout: '' })
  expect(errorOf(asJson).message).not.toBe('')
})

test('a typing error gets a suggestion', async () => {
  const { stderr } = await coppice(makeRepository(), ['lst'])
  expect(stderr).toContain('Did you mean list?')
})

test('a title that is too long is refused before anything is made', async () => {
  const repository = makeRepository()
  const ended = await coppice(repository, ['new', 'a', '--title', 'x'.repeat(257), '--json'])
  expect(ended.code).toBe(2)
  expect(errorOf(ended)).toMatchObject({ code: 'invalid-text', field: 'title', length: 257, limit: 256 })
})
