import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const execute = promisify(execFile)

const MAX_OUTPUT_BYTES = 64_000_000

/** Runs git in a directory, as a script does, and answers with what it prints. */
export async function git(directory, ...args) {
  const { stdout } = await execute('git', args, { cwd: directory, maxBuffer: MAX_OUTPUT_BYTES })
  return stdout.trimEnd()
}

/** Makes a worktree as a script does, on a new branch of the worktree's name. */
export async function addWorktree(repository, path, branch, base) {
  await git(repository, 'worktree', 'add', '--quiet', '-b', branch, path, base)
}

/** Takes it away again, and its branch. */
export async function dropWorktree(repository, path, branch) {
  await git(repository, 'worktree', 'remove', '--force', path)
  await git(repository, 'branch', '--quiet', '-D', branch)
}

/** The paths of all files of a commit. */
export async function pathsOf(repository, commit) {
  return (await git(repository, 'ls-tree', '-r', '--name-only', commit)).split('\n')
}
