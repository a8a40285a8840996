import { execFileSync } from 'node:child_process'
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { TestRepository } from '../../helpers/repository.js'

/** Runs a script of an agent's in its worktree, as every process in there runs. */
export function agentRuns({ env }: TestRepository, directory: string, script: string): string {
  return execFileSync('bash', ['-euc', script], { cwd: directory, env, stdio: 'pipe', encoding: 'utf8' })
}

/** An index of many files, as text. */
const MAX_ANSWER_BYTES = 2 ** 26

/** Git's answer in a worktree, as text in which each character is a byte, for names need not be UTF-8. */
export function gitIn({ env }: TestRepository, directory: string, ...args: readonly string[]): string {
  return execFileSync('git', args, {
    cwd: directory,
    env,
    stdio: 'pipe',
    encoding: 'latin1',
    maxBuffer: MAX_ANSWER_BYTES,
  })
}

/** What a worktree's content is: HEAD, the index entry by entry, and every file's mode with its bytes or target. */
export interface Content {
  readonly head: string
  readonly index: string
  readonly files: Readonly<Record<string, string>>
}

export function contentOf(user: TestRepository, directory: string): Content {
  return {
    head: headOf(user, directory),
    index: gitIn(user, directory, 'ls-files', '-s', '-z'),
    files: filesIn(directory),
  }
}

/** What HEAD says and the commit that this is, or none on a branch without a commit. */
function headOf(user: TestRepository, directory: string): string {
  const gitDir = gitIn(user, directory, 'rev-parse', '--absolute-git-dir').trim()
  const commit = gitIn(user, directory, 'rev-list', '--max-count=1', '--ignore-missing', 'HEAD', '--')
  return `${readFileSync(join(gitDir, 'HEAD'), 'utf8')}${commit}`
}

/** Every file and link below a directory, `.git` left aside; directories count only for what is in them, as in git. */
export function filesIn(directory: string): Record<string, string> {
  const found: Record<string, string> = {}
  const root = Buffer.from(directory)
  for (const name of pathsIn(root)) {
    const path = Buffer.concat([root, Buffer.from('/'), name])
    const stat = lstatSync(path)
    const executable = (stat.mode & 0o100) === 0 ? '-' : 'x'
    found[name.toString('latin1')] = stat.isSymbolicLink()
      ? `link ${readlinkSync(path, 'latin1')}`
      : `file ${executable} ${readFileSync(path, 'latin1')}`
  }
  return found
}

function pathsIn(root: Buffer, below = Buffer.alloc(0)): Buffer[] {
  const slash = Buffer.from('/')
  return readdirSync(Buffer.concat([root, slash, below]), {
    withFileTypes: true,
    encoding: 'buffer',
  }).flatMap((entry) => {
    const path = below.length === 0 ? entry.name : Buffer.concat([below, slash, entry.name])
    if (path.toString('latin1') === '.git') return []
    return entry.isDirectory() ? pathsIn(root, path) : [path]
  })
}
