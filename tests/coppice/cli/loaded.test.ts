import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startCoppice } from '../../helpers/coppice-command.js'
import { makeRepository, type TestRepository } from '../../helpers/repository.js'

/** What each process writes down when it ends: the files that it has loaded. One that is started on the side does so too. */
const WITNESS = `
const { writeFileSync } = require('node:fs')
process.on('exit', () => writeFileSync(__dirname + '/' + process.pid, Object.keys(require.cache).join('\\n')))
`

/** The bundler says above each module's code which module it is. */
const MODULE = /^\/\/ (?:packages|node_modules)\/(\S+)$/gm

/** The modules that a command loads, as far as they are those of its bundle. */
async function loadedBy(repository: TestRepository, args: readonly string[]): Promise<string> {
  const witness = join(repository.scratch, 'witness.cjs')
  writeFileSync(witness, WITNESS)
  const { child, ended } = startCoppice(repository, args, { env: { NODE_OPTIONS: `--require=${witness}` } })
  expect(await ended).toMatchObject({ code: 0 })
  const files = readFileSync(join(repository.scratch, String(child.pid)), 'utf8').split('\n')
  const texts = files.filter((file) => existsSync(file)).map((file) => readFileSync(file, 'utf8'))
  return texts.flatMap((text) => [...text.matchAll(MODULE)].map(([, name]) => name)).join('\n')
}

/** What it takes to act. */
const ACTING = [
  /\/xstate\//,
  /^core\/dist\/decide\//m,
  /^core\/dist\/engine\/engine\.js$/m,
  /^git-adapter\/dist\/workspace\.js$/m,
  /^store\/dist\/locks\/file-locks\.js$/m,
]

const SIMPLE_GIT = /\/simple-git\//

/** What it takes to verify and to repair a log. */
const REPAIRING = [/^store\/dist\/inspection\//m, /^store\/dist\/repair\//m]

test('commands that read load the log and the fold, and nothing that it takes to act', async () => {
  const repository = makeRepository()
  const acting = await loadedBy(repository, ['new', 'a'])
  // Else nothing would be said below by what is missing.
  for (const part of ACTING) expect(acting).toMatch(part)
  for (const args of [['list', '--all'], ['status', 'a'], ['path', 'a'], ['log', 'a'], ['replay']]) {
    const reading = await loadedBy(repository, args)
    expect(reading).toMatch(/^store\/dist\/file-log\/reader\.js$/m)
    expect(reading).toMatch(/^core\/dist\/evolve\/evolve\.js$/m)
    for (const part of [...ACTING, SIMPLE_GIT, ...REPAIRING]) expect(reading).not.toMatch(part)
  }
})

test('a command loads simple-git, and what repairs a log, only where it comes to that', async () => {
  const repository = makeRepository()
  const made = await loadedBy(repository, ['new', 'a'])
  for (const part of [SIMPLE_GIT, ...REPAIRING]) expect(made).not.toMatch(part)
  repository.git('-C', `${repository.path}.worktrees/a`, 'commit', '--quiet', '--allow-empty', '-m', 'work')
  expect(await loadedBy(repository, ['merge', 'a'])).toMatch(SIMPLE_GIT)
  const repaired = await loadedBy(repository, ['repair'])
  for (const part of REPAIRING) expect(repaired).toMatch(part)
})
