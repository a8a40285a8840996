import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { git } from './repository.mjs'

const packages = existsSync('packages') ? readdirSync('packages') : []

/** What each agent does: steps that write files, name them, and know whether they were done before. */
export const work = {
  changelog: ['Added', 'Changed', 'Fixed', 'Removed'].map((heading) =>
    step('docs/changes.md', `\n## ${heading}\n\n- by an agent, in a commit of its own\n`, (file) => {
      git('.', 'add', file)
      git('.', 'commit', '--quiet', '--message', `Say what was ${heading.toLowerCase()}`)
    }),
  ),
  inventory: packages.map((name) => step(`docs/inventory/${name}.md`, describe(name))),
  headline: [
    headline('# Coppice: no work is lost', (file) => git('.', 'add', file)),
    step('README.md', '\nEvery task has a worktree of its own.\n'),
    step('bin/hello', '#!/bin/sh\necho hello\n', (file) => chmodSync(file, 0o755)),
  ],
  slogan: [
    headline('# Coppice: cut it, and it grows back', (file) => {
      git('.', 'add', file)
      git('.', 'commit', '--quiet', '--message', 'Find a slogan')
    }),
    step('docs/slogan.md', 'Cut it, and it grows back.\n'),
  ],
  flaky: [
    step('docs/half.md', 'This is as far as I got.\n'),
    step('docs/half-notes.txt', 'Notes that were never committed.\n', (file) => git('.', 'add', file)),
    { fail: true },
  ],
  tidy: packages.map((name) => sideEffectFree(`packages/${name}/package.json`)),
}

/** Appends a text to a file, unless it is there already. */
function step(file, text, afterwards = () => undefined) {
  return {
    isDone: () => existsSync(file) && readFileSync(file, 'utf8').includes(text),
    run: () => {
      mkdirSync(dirname(file), { recursive: true })
      appendFileSync(file, text)
      afterwards(file)
      return [file]
    },
  }
}

/** Replaces the first line of the read-me file. */
function headline(line, afterwards) {
  const file = 'README.md'
  return {
    isDone: () => readFileSync(file, 'utf8').startsWith(`${line}\n`),
    run: () => {
      const [, ...rest] = readFileSync(file, 'utf8').split('\n')
      writeFileSync(file, [line, ...rest].join('\n'))
      afterwards(file)
      return [file]
    },
  }
}

/** Says in a manifest that importing the package does nothing. */
function sideEffectFree(file) {
  return {
    isDone: () => 'sideEffects' in JSON.parse(readFileSync(file, 'utf8')),
    run: () => {
      const manifest = { ...JSON.parse(readFileSync(file, 'utf8')), sideEffects: false }
      writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`)
      return [file]
    },
  }
}

function describe(name) {
  const files = git('.', 'ls-files', `packages/${name}`)
    .split('\n')
    .filter((file) => file.endsWith('.ts'))
  const lines = files.map((file) => readFileSync(file, 'utf8').split('\n').length - 1)
  const total = lines.reduce((sum, count) => sum + count, 0)
  return `# ${name}\n\n${files.length} files, ${total} lines, the longest has ${Math.max(0, ...lines)}.\n`
}
