import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { World } from './world.js'

/** All that a crash could have left beside what the log speaks of and what is the user's; empty when nothing has. */
export function debrisOf({ user, repository, engine }: World, mine: readonly string[] = []): string[] {
  const tasks = engine.tasks()
  const standing = tasks.filter(({ worktree }) => worktree === 'present')
  const branched = tasks.filter(({ worktree, status }) => worktree === 'present' || status === 'parked')
  const coppice = join(repository.commonDir, 'coppice')
  const worktreesDir = tasks[0] === undefined ? coppice : dirname(tasks[0].path)
  const ids = standing.map(({ id }) => id)
  const entries = standing.map(({ gitDir }) => basename(gitDir!))
  const branches = lines(user.git('branch', '--list', 'coppice/*', '--format=%(refname:short)'))
  return [
    ...extra('entry', namesIn(join(repository.commonDir, 'worktrees')), [...entries, ...mine]),
    ...extra('directory', namesIn(worktreesDir), ids),
    ...extra(
      'branch',
      branches,
      branched.map(({ branch }) => branch),
    ),
    ...extra('trash', namesIn(join(coppice, 'trash')), []),
    ...extra('temporary file', namesIn(join(coppice, 'tmp')), []),
    ...extra('draft', namesIn(join(coppice, 'git')), ['plain', 'raw', 'plain.draft', 'raw.draft']),
    ...extra('lock', locksOf(repository.commonDir), []),
  ]
}

function extra(kind: string, found: readonly string[], expected: readonly string[]): string[] {
  return found.filter((name) => !expected.includes(name)).map((name) => `${kind} ${name}`)
}

function namesIn(directory: string): string[] {
  return existsSync(directory) ? readdirSync(directory) : []
}

const LASTING = /^(coppice\/(locks|heads|snapshot)(\/|\.lock$)|(worktrees|refs\/coppice)\/)/

/**
 * Lock files of git's. Those of Coppice's own stay for good; in a worktree an agent's git may have been killed; and one
 * on a pin is taken away when the next pin of that name is made.
 */
function locksOf(commonDir: string): string[] {
  const all = readdirSync(commonDir, { recursive: true, encoding: 'utf8' })
  return all.filter((name) => name.endsWith('.lock') && !LASTING.test(name))
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '')
}
