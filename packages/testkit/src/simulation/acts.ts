import type { TaskState } from '@coppice/core'
import type { SimulatedWorld } from '../world/simulated-world.js'
import type { AgentMove, UserMove } from './move.js'

/** Does what an agent or the repository's owner does, unless it cannot be done; answers with what came of it, in words. */
export function act(
  world: SimulatedWorld,
  move: AgentMove | UserMove,
  task: TaskState | null,
  number: number,
): string {
  try {
    return perform(world, move, task, number)
  } catch (error) {
    // Git refuses what makes no sense, such as a file in the place of a directory.
    return `git refuses: ${error instanceof Error ? error.message : String(error)}`
  }
}

function perform(
  world: SimulatedWorld,
  move: AgentMove | UserMove,
  task: TaskState | null,
  number: number,
): string {
  if (move.do === 'commit-to-base') {
    world.user.commit('main', { [move.path]: `of the base, ${number}` })
    return 'done'
  }
  if (task === null || task.gitDir === null) return 'there is no worktree'
  if (move.do === 'delete-worktree') world.user.deleteDirectory(task.path)
  else if (move.do === 'delete-entry') world.user.deleteEntry(task.gitDir)
  else if (move.do !== 'end-agent') return work(world, move, task, number)
  else if (task.agent !== null) world.agents.stop(task.agent)
  return 'done'
}

function work(world: SimulatedWorld, move: AgentMove, { id, path }: TaskState, number: number): string {
  if (!world.repository.directories.has(path)) return 'there is no worktree'
  const checkout = world.at(path)
  switch (move.do) {
    case 'write':
      checkout.write(move.path, `of ${id}, ${number}`)
      break
    case 'remove-file':
      checkout.remove(move.path)
      break
    case 'stage':
      checkout.stage()
      break
    case 'commit':
      checkout.makeCommit(`work of ${id}, ${number}`)
      break
    case 'amend':
      checkout.amend(`work of ${id}, ${number}`)
      break
    case 'detach':
      checkout.detach()
      break
    case 'branch-off':
      checkout.branchOff(`own-${number}`)
      break
  }
  return 'done'
}
