import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { filesBelow, inOrder } from './files-below.mjs'
import { run } from './run-program.mjs'

/**
 * What is there, seen by plain git and by reading files, in terms that are the same in every run: the base, each task
 * with what it holds, the names of git's own files, and what does not fit together (`broken`).
 *
 * @param states what the log says of every task
 */
export async function look(live, states, env) {
  const repo = join(live, 'repo')
  const git = (...args) => run('git', args, { cwd: repo, env: { ...env, GIT_OPTIONAL_LOCKS: '0' } })
  const refs = refsIn(await git('for-each-ref', '--format=%(refname) %(objectname)'))
  const tasks = {}
  for (const state of states) tasks[state.id] = await taskAt(state, { git, refs })
  return {
    base: await baseAt(repo, git),
    tasks,
    names: namesIn(join(repo, '.git')),
    broken: [...misfits(live, states, refs), ...(await unsound(git))],
  }
}

async function baseAt(repo, git) {
  const [commits, tree] = await Promise.all([
    git('rev-list', '--count', 'main'),
    git('rev-parse', 'main^{tree}'),
  ])
  const main = `${commits.trim()} commits to ${tree.trim()}`
  const checkout = {
    head: await headOf(git),
    index: await git('ls-files', '--stage'),
    files: filesBelow(repo),
  }
  return { main, checkout }
}

/** The branch that HEAD names, or the commit where it names no branch. */
async function headOf(git, ...place) {
  const name = (await git(...place, 'rev-parse', '--symbolic-full-name', 'HEAD')).trim()
  return name === 'HEAD' ? (await git(...place, 'rev-parse', 'HEAD')).trim() : name
}

async function taskAt(state, { git, refs }) {
  const { status, worktree, path, checkpoint } = state
  const held = await pinned(checkpoint, git)
  const standing = worktree === 'present' && existsSync(join(path, '.git'))
  if (!standing) return { status, content: held, held }
  const at = ['-C', path]
  const head = await git(...at, 'rev-parse', 'HEAD')
  const index = await git(...at, 'ls-files', '--stage')
  const content = { head: head.trim(), index, files: filesBelow(path) }
  const onBranch = (await headOf(git, ...at)) === `refs/heads/${state.branch}`
  return { status, content, held, onBranch, tip: refs[`refs/heads/${state.branch}`] }
}

/** What a checkpoint holds, as a worktree would show it. */
async function pinned(checkpoint, git) {
  if (checkpoint === null) return null
  const { head, index, tree, commit, ref } = checkpoint
  await git('merge-base', '--is-ancestor', commit, ref)
  const list = async (of) => (await git('ls-tree', '-r', of)).replaceAll(/^(\d+) \w+ (\w+)\t/gm, '$1 $2 0\t')
  const files = (await git('ls-tree', '-r', '-z', tree)).split('\0').filter((line) => line !== '')
  return {
    head,
    index: await list(index),
    files: inOrder(files.map((line) => line.replace(/^(\d+) \w+ /, '$1 '))),
  }
}

/** What stands where the log says that nothing is, and the other way round. */
function misfits(live, states, refs) {
  const present = states.filter(({ worktree }) => worktree === 'present')
  const branched = states.filter(({ worktree, status }) => worktree === 'present' || status === 'parked')
  const git = join(live, 'repo', '.git')
  return [
    ...differing('beside the repository', directory(live), ['moved', 'repo', 'repo.worktrees'], ['repo']),
    ...differing(
      'worktree',
      directory(join(live, 'repo.worktrees')),
      [...present.map(({ path }) => basename(path)), '.pool'],
      present.map(({ path }) => basename(path)),
    ),
    ...differing(
      'ready worktree',
      directory(join(live, 'repo.worktrees', '.pool')),
      directory(join(git, 'coppice', 'pool')).filter((name) =>
        existsSync(join(git, 'coppice', 'pool', name, 'coppice-spare')),
      ),
    ),
    ...differing(
      'entry',
      directory(join(git, 'worktrees')),
      present.map(({ gitDir }) => basename(gitDir)),
    ),
    ...differing(
      'branch',
      Object.keys(refs).filter((ref) => ref.startsWith('refs/heads/coppice/')),
      branched.map(({ branch }) => `refs/heads/${branch}`),
    ),
    ...states
      .filter(({ checkpoint }) => checkpoint !== null && refs[checkpoint.ref] !== checkpoint.commit)
      .map(({ id }) => `the newest checkpoint of ${id} is not held by its ref`),
  ]
}

function differing(what, found, allowed, wanted = allowed) {
  return [
    ...found.filter((name) => !allowed.includes(name)).map((name) => `${what} ${name} is left over`),
    ...wanted.filter((name) => !found.includes(name)).map((name) => `${what} ${name} is missing`),
  ]
}

async function unsound(git) {
  try {
    await git('fsck', '--no-dangling', '--no-progress')
    await git('worktree', 'list')
    return []
  } catch (error) {
    return [`git says: ${error.stderr}`]
  }
}

/** Where the log, its caches and its locks lie, which have a campaign of their own, and git's objects. */
const APART = /^(objects|coppice\/(log|locks|heads|snapshot))(\/|$|\.)/

/** All files of git's, by names that are the same in every run. */
function namesIn(git) {
  const names = readdirSync(git, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(git.length + 1))
  return names.filter((name) => !APART.test(name)).map((name) => name.replaceAll(/[0-9a-f]{8,}|\d+/g, 'N'))
}

function refsIn(text) {
  return Object.fromEntries(
    text
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ')),
  )
}

function directory(path) {
  return existsSync(path) ? readdirSync(path) : []
}
