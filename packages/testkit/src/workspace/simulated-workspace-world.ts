import { listOf, NO_FILES, withFile } from '../git-model/files.js'
import { branchOf } from '../git-model/worktree.js'
import type { SimulatedRepositoryOptions } from '../git-model/repository.js'
import { SimulatedWorld } from '../world/simulated-world.js'
import type { Steps } from '../world/steps.js'
import { passTurns } from './turns.js'
import type { WorkspaceWorld, WorktreeHands, WorktreeLook } from './workspace-world.js'

/** The simulated world in the contract's terms, in which `fail` is the verify command that fails. */
export function simulatedWorkspaceWorld(options: SimulatedRepositoryOptions = {}): WorkspaceWorld {
  const world = new SimulatedWorld({
    ...options,
    verifier: ({ command: [name] }) => RESULTS[name ?? ''] ?? PASSED,
  })
  const { repository, user } = world
  return {
    commands: { succeeding: ['pass'], failing: ['fail'] },
    open: async () => world.start(IN_TURNS).ports.workspace,
    at: (path) => handsOf(world, path),
    filesAt: async (commit) => listOf(repository.objects.filesAt(commit)),
    parentsOf: async (commit) => repository.objects.commit(commit).parents,
    authorOf: async (commit) => repository.objects.commit(commit).author,
    refs: async () =>
      Object.fromEntries(Object.entries(repository.refs.all()).filter(([ref]) => SHOWN.test(ref))),
    commitTo: async (branch, changes) => user.commit(branch, changes),
    moveRef: async (ref, commit) => user.moveRef(ref, commit),
    look: async (path) => lookAt(world, path),
    deleteDirectory: async (path) => user.deleteDirectory(path),
    deleteEntry: async (gitDir) => user.deleteEntry(gitDir),
    makeDirectory: async (path) => user.makeDirectory(path, withFile(NO_FILES, 'mine', 'x\n')),
    pointTo: async (path, gitDir) => user.pointTo(path, gitDir),
    moveWorktree: async (path, to) => user.moveWorktree(path, to),
    lockWorktree: async (path) => user.lockWorktree(path, 'kept'),
    addWorktree: async (name, branch) => {
      const path = `${repository.worktreesDir}/${name}`
      user.addWorktree(path, branch)
      return path
    },
  }
}

const SHOWN = /^refs\/(?:heads|coppice)\//

/** As it is on a real disk, others come to their turn between any two steps. */
const IN_TURNS: Steps = { step: () => passTurns(1) }

const PASSED = { exitCode: 0 }
const RESULTS: Readonly<Record<string, { readonly exitCode: number; readonly output?: string }>> = {
  fail: { exitCode: 7, output: 'no good\n' },
}

function handsOf(world: SimulatedWorld, path: string): WorktreeHands {
  const hands = world.at(path)
  return {
    write: async (file, content, mode = '100644') => hands.write(file, { mode, content }),
    remove: async (file) => hands.remove(file),
    stage: async (file) => hands.stage(file),
    commit: async (message, author) => hands.makeCommit(message, author),
    amend: async (message) => hands.amend(message),
    switchTo: async (branch) => hands.switchTo(branch),
    branchOff: async (branch) => hands.branchOff(branch),
    detach: async (commit) => hands.detach(commit),
  }
}

function lookAt({ repository }: SimulatedWorld, path: string): WorktreeLook | null {
  const directory = repository.directories.get(path)
  if (directory === undefined) return null
  const files = listOf(directory.files)
  const entry = directory.names === null ? undefined : repository.entries.get(directory.names)
  if (entry === undefined) return { head: null, staged: null, files }
  const head = { branch: branchOf(entry.head), commit: repository.commitOf(entry.head) }
  return { head, staged: listOf(entry.index), files }
}
