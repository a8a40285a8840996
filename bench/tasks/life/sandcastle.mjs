import { appendFile, copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { git } from '../git.mjs'
import { serially } from './serially.mjs'

/** Its own way from a worktree to a merge: what an agent has committed is merged into what is checked out. */
export async function mergingItself(repository, { home }) {
  const live = await workingIn(repository, home)
  return opened((task) => live(task, { type: 'merge-to-head' }))
}

/** What one writes who knows that such merges come into each other's way: branches, and merges of one's own in turn. */
export async function mergedInTurn(repository, { home }) {
  const live = await workingIn(repository, home)
  const inTurn = serially()
  return opened(async (task) => {
    await live(task, { type: 'branch', branch: task.name }, () =>
      inTurn(() => git(repository, 'merge', '--quiet', '--no-edit', task.name)),
    )
    await git(repository, 'branch', '--quiet', '-D', task.name)
  })
}

function opened(live) {
  return { live, retries: () => 0, close: async () => {} }
}

/** A worktree of its own for a task, in which an agent, that is a command, commits what was edited; without a container. */
async function workingIn(repository, home) {
  const load = (file) => import(pathToFileURL(join(home, 'node_modules/@ai-hero/sandcastle/dist', file)).href)
  const { createWorktree } = await load('index.js')
  const { noSandbox } = await load('sandboxes/no-sandbox.js')
  // For every task it writes into the user's configuration; what others measure afterwards is not to read all that.
  const configuration = `${repository}.gitconfig`
  await copyFile(process.env['GIT_CONFIG_GLOBAL'], configuration)
  process.env['GIT_CONFIG_GLOBAL'] = configuration
  // Its worktrees lie within the project, which is to have no part of them.
  await appendFile(join(repository, '.git/info/exclude'), '.sandcastle/\n')

  return async ({ name, edit, ready }, branchStrategy, merge = async () => {}) => {
    const worktree = await createWorktree({ cwd: repository, branchStrategy })
    ready()
    await edit(worktree.worktreePath)
    await worktree.run({
      agent: committer(name),
      sandbox: noSandbox(),
      prompt: 'Commit what was edited.',
      logging: { type: 'file', path: join(repository, '.sandcastle/logs', `${name}.log`) },
    })
    await merge()
    await worktree.close()
  }
}

function committer(message) {
  return {
    name: 'committer',
    env: {},
    captureSessions: false,
    buildPrintCommand: () => ({ command: `git add --all && git commit --quiet --message ${message}` }),
    parseStreamLine: () => [],
  }
}
