import { apply, isFinished, nextEffect, SNAPSHOT_SCHEMA, type TaskEntry, type TaskState } from '@coppice/core'
import type { SavedSnapshot } from '../snapshots/snapshot-disk.js'
import type { LogDisk } from '../log/log-disk.js'
import type { SimulatedWorld } from '../world/simulated-world.js'
import type { SnapshotChange } from './move.js'

/** Does to the snapshot what befalls it; answers with what came of it, in words. */
export function changeSnapshot({ snapshots, disk }: SimulatedWorld, to: SnapshotChange): string {
  const newest = to === 'the newest' ? newestOf(disk) : snapshots.saved
  if (newest === null) return 'there is none'
  if (to === 'the newest') snapshots.save(newest)
  else if (to === 'none') snapshots.lose()
  else if (to === 'a damaged one') snapshots.damage()
  else snapshots.goBack()
  return 'done'
}

/** What a process would save that has read all that is durable; null where nothing is. An engine does so too seldom for a story. */
function newestOf(disk: LogDisk): SavedSnapshot | null {
  const facts = disk.after(0).slice(0, disk.synced)
  const last = facts.at(-1)
  if (last === undefined) return null
  const states = new Map<string, TaskState>()
  for (const fact of facts) apply(states, fact)
  const entries = [...states.values()].map((task): TaskEntry => {
    const first = facts.find(({ stream }) => stream === `task/${task.id}`)
    return { first: first?.sequence ?? 1, task }
  })
  const live = entries.filter(({ task }) => !isDone(task))
  const done = entries.filter(({ task }) => isDone(task)).map(inJson)
  const snapshot = { schema: SNAPSHOT_SCHEMA, sequence: last.sequence, hash: last.hash, live }
  return { json: JSON.stringify(snapshot), done: new Map(done) }
}

/** Whether nothing will happen to a task any more by itself. */
function isDone(task: TaskState): boolean {
  return isFinished(task.status) && task.agent === null && nextEffect(task) === null
}

function inJson(entry: TaskEntry): readonly [id: string, json: string] {
  return [entry.task.id, JSON.stringify(entry)]
}
