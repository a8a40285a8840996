import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A real repository in a directory of its own, removed when the test ends. */
export interface TestRepository {
  /** The directory that holds the repository and everything beside it. */
  readonly scratch: string
  readonly path: string
  /** The environment for processes of this test: no configuration of the machine reaches them. */
  readonly env: Record<string, string>
  /** Runs git in the repository and answers with its output, trimmed. */
  readonly git: (...args: readonly string[]) => string
  readonly write: (file: string, content: string) => void
  readonly read: (file: string) => string
  /** Writes a file and commits everything; answers with the commit. */
  readonly commit: (file: string, content: string, message?: string) => string
}

/** A repository whose commands see no configuration of the machine; it need not be there yet. */
export function openAt(scratch: string, path: string): TestRepository {
  const env = cleanEnvironment(scratch)
  writeFileSync(env.GIT_CONFIG_GLOBAL, '[coppice]\n\tpoolSize = 0\n')
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, { cwd: path, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
  const write = (file: string, content: string): void => {
    mkdirSync(dirname(join(path, file)), { recursive: true })
    writeFileSync(join(path, file), content)
  }
  const commit = (file: string, content: string, message = `change ${file}`): string => {
    write(file, content)
    git('add', '--all')
    git('commit', '--quiet', '--message', message)
    return git('rev-parse', 'HEAD')
  }
  const read = (file: string): string => readFileSync(join(path, file), 'utf8')
  return { scratch, path, env, git, write, read, commit }
}

/** Makes it, without any commit. */
export function init({ path, git }: TestRepository): void {
  mkdirSync(path, { recursive: true })
  git('init', '--quiet', '--initial-branch', 'main')
  identify(git)
}

/** Gives its user a name, without which git commits nothing. */
export function identify(git: TestRepository['git']): void {
  git('config', 'user.name', 'A Tester')
  git('config', 'user.email', 'tester@example.invalid')
}

function cleanEnvironment(scratch: string): Record<string, string> & { readonly GIT_CONFIG_GLOBAL: string } {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: scratch,
    LANG: 'C.UTF-8',
    // No pool is filled behind a test's back. Whoever writes to it by mistake writes there, and not into a device.
    GIT_CONFIG_GLOBAL: join(scratch, 'gitconfig'),
    GIT_CONFIG_NOSYSTEM: '1',
  }
}
