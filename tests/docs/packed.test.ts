import { execFileSync } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeScratch } from '../helpers/repository.js'
import { allBlocks, ROOT } from './blocks.js'

/** What the document promises of the first property. */
const MOST_LINES = 40

const property = allBlocks().find(
  ({ place, language }) => place.startsWith('docs/testing-your-orchestrator.md') && language === 'ts',
)

function run(cwd: string, program: string, ...args: string[]): string {
  return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

test(
  'a new user comes from packed packages to a failing property in under forty lines',
  { timeout: 300_000 },
  () => {
    expect(property?.text.trimEnd().split('\n').length).toBeLessThan(MOST_LINES)
    const [packed, project] = [makeScratch(), makeScratch()]
    run(
      ROOT,
      'npm',
      'run',
      '--silent',
      'pnpm',
      '--',
      '-r',
      '--filter',
      './packages/*',
      'pack',
      '--pack-destination',
      packed,
    )
    const tarballs = readdirSync(packed).map((name) => join(packed, name))
    expect(tarballs).toHaveLength(5)
    writeFileSync(join(project, 'package.json'), '{ "type": "module" }')
    run(project, 'npm', 'install', '--no-audit', '--no-fund', ...tarballs, 'fast-check')
    writeFileSync(join(project, 'property.ts'), property?.text ?? '')
    // The types that the packages publish have to suffice; of Node's own, an editor brings them.
    const types = ['--typeRoots', join(ROOT, 'node_modules/@types'), '--types', 'node']
    const options = [
      '--ignoreConfig',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2023',
      '--skipLibCheck',
    ]
    run(
      project,
      process.execPath,
      join(ROOT, 'node_modules/typescript/bin/tsc'),
      ...options,
      ...types,
      'property.ts',
    )
    expect(() => run(project, process.execPath, 'property.js')).not.toThrow()
  },
)
