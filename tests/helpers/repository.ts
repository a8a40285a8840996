import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

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

export interface RepositoryOptions {
  readonly name?: string
  readonly bare?: boolean
  /** Without any commit. */
  readonly empty?: boolean
}

/** Makes a repository with a `main` branch, three commits and an identity. */
export function makeRepository({
  name = 'repo',
  bare = false,
  empty = false,
}: RepositoryOptions = {}): TestRepository {
  const scratch = makeScratch()
  const repository = open(scratch, join(scratch, name))
  init(repository)
  if (!empty) {
    repository.commit('README.md', '# A project\n', 'begin')
    repository.commit('src/greeting.txt', 'hello\nworld\n', 'greet')
    repository.commit('src/numbers.txt', 'one\ntwo\nthree\n', 'count')
  }
  return bare ? bareCloneOf(repository, join(scratch, `${name}.git`)) : repository
}

/** A fresh directory that is removed when the test ends; its path has no symlinks. */
export function makeScratch(): string {
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'coppice-test-')))
  onTestFinished(() => rm(scratch, { recursive: true, force: true, maxRetries: 5 }))
  return scratch
}

function open(scratch: string, path: string): TestRepository {
  const env = cleanEnvironment(scratch)
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

function init({ path, git }: TestRepository): void {
  mkdirSync(path, { recursive: true })
  git('init', '--quiet', '--initial-branch', 'main')
  identify(git)
}

function bareCloneOf({ scratch, path, git }: TestRepository, target: string): TestRepository {
  git('clone', '--quiet', '--bare', path, target)
  const clone = open(scratch, target)
  identify(clone.git)
  return clone
}

function identify(git: TestRepository['git']): void {
  git('config', 'user.name', 'A Tester')
  git('config', 'user.email', 'tester@example.invalid')
}

function cleanEnvironment(scratch: string): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: scratch,
    LANG: 'C.UTF-8',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
  }
}
