import type { CommandData, TaskState } from '@coppice/core'
import { mergeRequest } from '../../core/helpers/requests.js'
import { agentRuns } from './tree.js'
import { openWorld, type World, type WorldOptions } from './world.js'

export interface Merging {
  readonly world: World
  readonly path: string
  readonly merge: (wish?: Partial<CommandData['task.merge']>) => Promise<TaskState>
}

/** A task `fix` in whose worktree a script was run, ready to be merged into `main`. */
export async function readyToMerge(script: string, options: WorldOptions = {}): Promise<Merging> {
  const world = await openWorld(options)
  const { path } = await world.engine.create({ id: 'fix', title: 'Mend it' })
  agentRuns(world.user, path, script)
  const merge: Merging['merge'] = (wish) => world.engine.command('fix', mergeRequest(wish))
  return { world, path, merge }
}

export const TWO_COMMITS = `
  echo one >> src/greeting.txt; git commit -qam 'say one'
  mkdir new; echo two > new/two; git rm -q README.md; git add -A; git commit -qm 'say two' -m 'with a body'`
