import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { atEnd } from '../cleanup.mjs'

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** Where pnpm links what a package needs. */
const LINKED = [
  '',
  'tests',
  'bench',
  ...['core', 'store', 'git-adapter', 'testkit', 'coppice'].map((name) => `packages/${name}`),
]

/** A copy of the project that is built and can be tested, so that a run that is interrupted leaves no fault behind. */
export function copyProject() {
  const copy = mkdtempSync(join(tmpdir(), 'coppice-mutants-'))
  atEnd(() => rmSync(copy, { recursive: true, force: true, maxRetries: 10 }))
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
  build(copy)
  return copy
}

/** What tests start in processes of their own is what was built. A fault that the compiler complains of is built all the same. */
export function build(copy) {
  spawnSync('node_modules/.bin/tsc', ['-b', 'packages/coppice', 'packages/testkit'], { cwd: copy })
}
