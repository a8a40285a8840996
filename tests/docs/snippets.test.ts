import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { COPPICE } from '../helpers/coppice-command.js'
import { makeRepository, type TestRepository } from '../helpers/repository.js'
import { allBlocks, ROOT, type Block } from './blocks.js'

/*
 * What the documents show works: `ts` blocks are whole programs, type-checked together and run; `sh` blocks are
 * scripts that have to succeed; both run in a fresh repository with a `main` branch and history. An `output` block is what
 * the program before it prints, to the letter. `json` blocks parse.
 */
const blocks = allBlocks()
const written = (language: string): Block[] => blocks.filter((block) => block.language === language)
const run = promisify(execFile)

let scratch: string

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'coppice-docs-'))
  symlinkSync(join(ROOT, 'tests/node_modules'), join(scratch, 'node_modules'))
  mkdirSync(join(scratch, 'bin'))
  writeFileSync(join(scratch, 'bin/coppice'), `#!/bin/sh\nexec '${process.execPath}' '${COPPICE}' "$@"\n`, {
    mode: 0o755,
  })
})

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true })
})

function fileName({ place }: Block): string {
  return place.replaceAll(/\W/g, '-')
}

/** The environment of a snippet: `coppice` and this very Node are on the PATH. */
function environment(repository: TestRepository): Record<string, string> {
  const node = join(process.execPath, '..')
  const PATH = [join(scratch, 'bin'), node, repository.env['PATH']].join(delimiter)
  return { ...repository.env, PATH }
}

test('the documents that promise runnable snippets have some', () => {
  const places = [...written('ts'), ...written('sh')].map(({ place }) => place.split(':')[0])
  expect(places).toEqual(
    expect.arrayContaining(['README.md', 'docs/cli.md', 'docs/embedding.md', 'docs/recovery.md']),
  )
})

test('every package says what it is, in a document with a program that runs', () => {
  const places = written('ts').map(({ place }) => place.split(':')[0])
  const packages = readdirSync(join(ROOT, 'packages'))
  expect(places).toEqual(expect.arrayContaining(packages.map((name) => `packages/${name}/README.md`)))
})

test('what a program prints follows on a program', () => {
  const shown = blocks.filter(({ output }) => output !== null)
  expect(shown.map(({ language }) => language)).toEqual(written('output').map(() => 'ts'))
  expect(shown).not.toHaveLength(0)
})

describe('programs', () => {
  beforeAll(() => {
    writeFileSync(join(scratch, 'package.json'), '{ "type": "module" }\n')
    for (const block of written('ts')) writeFileSync(join(scratch, `${fileName(block)}.ts`), block.text)
    const compilerOptions = {
      target: 'es2023',
      module: 'nodenext',
      strict: true,
      skipLibCheck: true,
      types: ['node'],
      typeRoots: [join(ROOT, 'node_modules/@types')],
      outDir: 'out',
    }
    writeFileSync(join(scratch, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }))
    execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', scratch], {
      stdio: 'inherit',
    })
  })

  test.each(written('ts'))('$place runs', async (block) => {
    const repository = makeRepository()
    const program = join(scratch, 'out', `${fileName(block)}.js`)
    const ended = run(process.execPath, [program], { cwd: repository.path, env: environment(repository) })
    const { stdout, stderr } = await ended
    expect(stderr).toBe('')
    expect(stdout).toBe(block.output ?? stdout)
  })
})

test.each(written('sh'))('$place succeeds', async ({ text }) => {
  const repository = makeRepository()
  const script = join(repository.scratch, 'script.sh')
  writeFileSync(script, text)
  const ended = run('sh', ['-eu', script], { cwd: repository.path, env: environment(repository) })
  await expect(ended).resolves.toHaveProperty('stdout')
})

test.each(written('json'))('$place is JSON', ({ text }) => {
  expect(() => JSON.parse(text) as unknown).not.toThrow()
})
