import { GitWorkspace, openRepository } from '@coppice/git-adapter'
import { FileLocks } from '@coppice/store'
import type { WorkspaceWorld, WorktreeHands, WorktreeLook } from '@coppice/testkit'
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { useEnvironment } from '../../git-adapter/helpers/environment.js'
import { filesIn, gitIn } from '../../git-adapter/helpers/tree.js'
import type { TestRepository } from '../../helpers/repository.js'
import { makeBareRepository } from './bare-repository.js'
import { commitTo } from './commit-to.js'

/** The time of every commit that is not the engine's. */
const COMMIT_TIME = '2026-01-02T03:04:05Z'

/** A real, bare repository in the contract's terms. It is removed when the test ends. */
export async function gitWorkspaceWorld({ empty = false } = {}): Promise<WorkspaceWorld> {
  const bare = makeBareRepository(empty)
  const times = { GIT_AUTHOR_DATE: COMMIT_TIME, GIT_COMMITTER_DATE: COMMIT_TIME }
  const user = { ...bare, env: { ...bare.env, ...times } }
  useEnvironment(bare.env)
  const { git } = user
  const worktrees = join(user.scratch, 'repo.worktrees')
  return {
    commands: { succeeding: ['true'], failing: ['sh', '-c', 'echo no good; exit 7'] },
    open: async () => {
      const repository = await openRepository(user.path)
      return new GitWorkspace({
        repository,
        locks: new FileLocks(join(repository.commonDir, 'coppice/locks')),
      })
    },
    at: (path) => handsOf(user, path),
    filesAt: async (commit) => committed(user, commit),
    parentsOf: async (commit) => git('rev-list', '--parents', '--max-count=1', commit).split(' ').slice(1),
    authorOf: async (commit) => {
      const [name = '', email = '', at = ''] = git(
        'show',
        '--no-patch',
        '--format=%an%n%ae%n%aI',
        commit,
      ).split('\n')
      return { name, email, at }
    },
    refs: async () => refsIn(user),
    commitTo: async (branch, changes) => commitTo(user, branch, changes),
    moveRef: async (ref, commit) => {
      git('update-ref', ...(commit === null ? ['-d', ref] : [ref, commit]))
    },
    look: async (path) => lookAt(user, path),
    deleteDirectory: async (path) => rmSync(path, { recursive: true, force: true }),
    deleteEntry: async (gitDir) => rmSync(gitDir, { recursive: true, force: true }),
    makeDirectory: async (path) => {
      mkdirSync(path, { recursive: true })
      writeFileSync(join(path, 'mine'), 'x\n')
    },
    pointTo: async (path, gitDir) => writeFileSync(join(path, '.git'), `gitdir: ${gitDir}\n`),
    moveWorktree: async (path, to) => {
      git('worktree', 'move', path, to)
    },
    lockWorktree: async (path) => {
      git('worktree', 'lock', '--reason', 'kept', path)
    },
    addWorktree: async (name, branch) => {
      git('worktree', 'add', '--quiet', join(worktrees, name), branch)
      return join(worktrees, name)
    },
  }
}

function handsOf(user: TestRepository, path: string): WorktreeHands {
  const git = (...args: readonly string[]): string => gitIn(user, path, ...args).trim()
  const head = (): string => git('rev-parse', 'HEAD')
  return {
    write: async (name, content, mode = '100644') => {
      const file = join(path, name)
      if (!existsSync(path)) throw new Error(`${path} is gone`)
      if (dirname(name) !== '.') mkdirSync(dirname(file), { recursive: true })
      // One rename, which nobody sees half done, and which fails where the worktree has just gone.
      const made = join(user.scratch, 'written')
      rmSync(made, { force: true })
      if (mode === '120000') symlinkSync(content, made)
      else {
        writeFileSync(made, content)
        chmodSync(made, mode === '100755' ? 0o755 : 0o644)
      }
      renameSync(made, file)
    },
    remove: async (name) => {
      rmSync(join(path, name))
    },
    stage: async (name) => {
      git('add', ...(name === undefined ? ['--all'] : ['--', name]))
    },
    commit: async (message, author) => {
      const by = author === undefined ? [] : [`--author=${author.name} <${author.email}>`]
      git('commit', '--quiet', '--allow-empty', '--message', message, ...by)
      return head()
    },
    amend: async (message) => {
      git('commit', '--quiet', '--amend', '--allow-empty', '--message', message)
      return head()
    },
    switchTo: async (branch) => {
      git('switch', '--quiet', branch)
    },
    branchOff: async (branch) => {
      git('switch', '--quiet', '--create', branch)
    },
    detach: async (commit = 'HEAD') => {
      git('switch', '--quiet', '--detach', commit)
    },
  }
}

function refsIn({ git }: TestRepository): Record<string, string> {
  const lines = git('for-each-ref', '--format=%(refname) %(objectname)', 'refs/heads', 'refs/coppice').split(
    '\n',
  )
  return Object.fromEntries(
    lines.filter((line) => line !== '').map((line) => line.split(' ') as [string, string]),
  )
}

function committed(user: TestRepository, commit: string): Record<string, string> {
  const text = gitIn(user, user.path, 'ls-tree', '-r', commit)
  return listed(user, text, /^(\d+) blob ([0-9a-f]+)\t(.+)$/)
}

/** Each file of a listing of git's, as the contract tells it. */
function listed(user: TestRepository, text: string, form: RegExp): Record<string, string> {
  const lines = text.split('\n').filter((line) => line !== '')
  const found = lines.map((line) => form.exec(line) ?? [])
  const contents = contentsOf(
    user,
    found.map(([, , oid = '']) => oid),
  )
  return Object.fromEntries(
    found.map(([, mode = '', , path = ''], index) => {
      const content = contents[index] ?? ''
      return [path, mode === '100644' ? content : `${mode} ${content}`]
    }),
  )
}

/** What is in each of some objects, asked of one process. */
function contentsOf({ path, env }: TestRepository, oids: readonly string[]): readonly string[] {
  if (oids.length === 0) return []
  const input = `${oids.join('\n')}\n`
  const output = execFileSync('git', ['cat-file', '--batch'], { cwd: path, env, input, encoding: 'latin1' })
  let at = 0
  return oids.map(() => {
    const begin = output.indexOf('\n', at) + 1
    const size = Number(output.slice(at, begin).trim().split(' ')[2])
    at = begin + size + 1
    return output.slice(begin, begin + size)
  })
}

function lookAt(user: TestRepository, path: string): WorktreeLook | null {
  if (!existsSync(path)) return null
  const files = Object.fromEntries(
    Object.entries(filesIn(path)).map(([name, said]) => [
      name,
      said
        .replace(/^file - /, '')
        .replace(/^file x /, '100755 ')
        .replace(/^link /, '120000 '),
    ]),
  )
  return { ...headAndIndex(user, path), files }
}

function headAndIndex(user: TestRepository, path: string): Pick<WorktreeLook, 'head' | 'staged'> {
  try {
    const git = (...args: readonly string[]): string => gitIn(user, path, ...args)
    const commit = git('rev-list', '--max-count=1', '--ignore-missing', 'HEAD', '--').trim()
    const branch = git('branch', '--show-current').trim()
    const head = { branch: branch === '' ? null : branch, commit: commit === '' ? null : commit }
    return { head, staged: listed(user, git('ls-files', '--stage'), /^(\d+) ([0-9a-f]+) 0\t(.+)$/) }
  } catch {
    return { head: null, staged: null }
  }
}
