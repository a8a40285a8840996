import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

const NOT_COPIED = new Set(['node_modules', 'dist', '.git'])

/** Runs git in a directory and answers with what it printed, trimmed. */
export function git(directory, ...args) {
  return execFileSync('git', args, {
    cwd: directory,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim()
}

/**
 * A throw-away repository with real history: a clone of this one, or, where this is no repository, its files in a
 * commit for each folder.
 */
export async function makeRepository() {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'coppice-main-job-')))
  const repo = join(directory, 'project')
  const ledger = join(directory, 'ledger')
  mkdirSync(ledger)
  if (existsSync(join(root, '.git'))) git(directory, 'clone', '--quiet', root, repo)
  else makeFromFiles(repo)
  git(repo, 'config', 'user.name', 'You')
  git(repo, 'config', 'user.email', 'you@example.org')
  git(repo, 'checkout', '--quiet', '-B', 'main')
  return { directory, repo, ledger, start: git(repo, 'rev-parse', 'HEAD') }
}

function makeFromFiles(repo) {
  mkdirSync(repo)
  git(repo, 'init', '--quiet')
  for (const name of readdirSync(root)) {
    if (NOT_COPIED.has(name)) continue
    const wanted = (path) => !NOT_COPIED.has(basename(path))
    cpSync(join(root, name), join(repo, name), { recursive: true, filter: wanted })
    git(repo, 'add', '--all')
    const author = ['-c', 'user.name=You', '-c', 'user.email=you@example.org']
    git(repo, ...author, 'commit', '--quiet', '--allow-empty', '--message', `Add ${name}`)
  }
}
