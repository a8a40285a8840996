import fc from 'fast-check'
import { spawnSync } from 'node:child_process'
import { lstatSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { World } from './world.js'

/** Few names, so that they meet: as a file, a link, a directory above another. */
const name = fc.constantFrom(
  'a',
  'b',
  'd',
  'd/a',
  'd/e/f',
  'src',
  'README.md',
  'x y',
  'ü',
  '-n',
  '.gitattributes',
  'a\nb',
)
const content = fc.constantFrom(
  '',
  'one\n',
  'two\r\n',
  'one\r\ntwo\n',
  '$Id$\n',
  '* text=auto\n',
  '*.md eol=crlf\na text\n',
  '\0\u00ff',
)

/** What an agent does to files and index. */
export const edit = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ act: fc.constant('write' as const), name, content, executable: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constant('link' as const),
      name,
      target: fc.constantFrom('a', 'nowhere', 'd', '../..'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('delete' as const), name }) },
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constant('git' as const),
      args: fc.constantFrom(
        ['add', '--all'],
        ['add', '--', 'a'],
        ['add', '--', 'd'],
        ['rm', '-rq', '--cached', 'README.md'],
        ['reset', '-q'],
        ['commit', '-qm', 'c'],
        ['add', '--intent-to-add', '.'],
        ['update-index', '--assume-unchanged', 'README.md'],
        ['checkout', '-q', '--detach'],
        ['checkout', '--', '.'],
        ['stash', '-q'],
      ),
    }),
  },
)
export type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never

/** Does it in a worktree. */
export function apply({ user }: World, root: string, each: Edit): void {
  if (each.act === 'git') {
    // What git refuses, it leaves as it was.
    spawnSync('git', each.args, { cwd: root, env: user.env })
    return
  }
  const path = join(root, each.name)
  makeRoom(root, dirname(each.name))
  rmSync(path, { recursive: true, force: true })
  if (each.act === 'link') symlinkSync(each.target, path)
  if (each.act === 'write') writeFileSync(path, each.content, { mode: each.executable ? 0o755 : 0o644 })
}

/** Sees to it that a path is a directory, whatever stands there or above it. */
function makeRoom(root: string, directory: string): void {
  if (directory === '.') return
  makeRoom(root, dirname(directory))
  const path = join(root, directory)
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return
  rmSync(path, { force: true })
  mkdirSync(path)
}
