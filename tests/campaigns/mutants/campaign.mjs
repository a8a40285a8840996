import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { atEnd } from '../cleanup.mjs'
import { ofCore } from './of-core.mjs'
import { ofGit } from './of-git.mjs'
import { ofLog } from './of-log.mjs'

export const usage =
  'mutants [--only TEXT]   deliberate faults in the code, each of which the tests have to notice'

export const options = { only: { type: 'string', default: '' } }

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** Where pnpm links what a package needs. */
const LINKED = [
  '',
  'tests',
  'bench',
  ...['core', 'store', 'git-adapter', 'testkit', 'coppice'].map((name) => `packages/${name}`),
]

export function obstacle() {
  return null
}

/** Works in a copy, so that a run that is interrupted leaves no fault behind. */
export async function run({ only }, tally) {
  const copy = mkdtempSync(join(tmpdir(), 'coppice-mutants-'))
  atEnd(() => rmSync(copy, { recursive: true, force: true }))
  copyTo(copy)
  const chosen = [...ofCore, ...ofLog, ...ofGit].filter(({ file, what }) => `${file} ${what}`.includes(only))
  for (const tests of new Set(chosen.map((mutant) => mutant.tests.join(' ')))) {
    const { status, stdout } = test(copy, tests.split(' '))
    tally.add('tests that pass without a fault', `--only ''`, status === 0 ? [] : [stdout])
  }
  for (const mutant of chosen) tally.add('faults', `--only '${mutant.what}'`, survived(copy, mutant))
}

function copyTo(copy) {
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  for (const file of files.split('\0').filter((name) => name !== '' && existsSync(join(ROOT, name))))
    cpSync(join(ROOT, file), join(copy, file))
  for (const part of LINKED)
    cpSync(join(ROOT, part, 'node_modules'), join(copy, part, 'node_modules'), {
      recursive: true,
      verbatimSymlinks: true,
    })
  execFileSync('node_modules/.bin/tsc', ['-b', 'packages/coppice', 'packages/testkit'], { cwd: copy })
}

/** A sentence where no test notices a fault. */
function survived(copy, { file, what, from, to, tests }) {
  const path = join(copy, file)
  const original = readFileSync(path, 'utf8')
  if (original.split(from).length !== 2) return [`${file} does not have exactly once: ${from}`]
  writeFileSync(
    path,
    original.replace(from, () => to),
  )
  const { status } = test(copy, tests)
  writeFileSync(path, original)
  process.stdout.write(`${status === 0 ? 'SURVIVED' : 'caught'}  ${what} (${file})\n`)
  return status === 0 ? [`nobody notices that ${what}: ${file}`] : []
}

function test(copy, tests) {
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--bail', '1', ...tests]
  const env = { ...process.env, NO_COLOR: '1' }
  return spawnSync(process.execPath, vitest, { cwd: copy, env, encoding: 'utf8', timeout: 600_000 })
}
