import type { Books, Pin } from '../doctor/books.js'
import { diagnose } from '../doctor/diagnose.js'
import type { Drift } from '../doctor/drift.js'
import type { EventLog } from '../ports/event-log.js'
import type { TaskState } from '../task/state.js'
import { taskOf } from '../task/task-id.js'
import { hasVanished, isBusy } from './attendance.js'
import type { EnginePorts } from './ports.js'

/** Every pin of every checkpoint that the log has. */
export async function pinsIn(log: EventLog): Promise<readonly Pin[]> {
  const pins: Pin[] = []
  for await (const fact of log.read()) {
    const task = taskOf(fact.stream)
    const speaksOfOne = fact.type === 'checkpoint.taken' || fact.type === 'task.recovered'
    const checkpoint = speaksOfOne ? fact.data.checkpoint : null
    if (task !== null && checkpoint !== null)
      pins.push({ task, ref: checkpoint.ref, commit: checkpoint.commit })
  }
  return pins
}

/**
 * Compares the world with what the log says of some tasks.
 *
 * @param held the task whose lock the caller holds
 */
export async function examine(
  ports: EnginePorts,
  tasks: readonly TaskState[],
  pins: readonly Pin[],
  held: string | null = null,
): Promise<readonly Drift[]> {
  const survey = await ports.workspace.survey(tasks, [...new Set(pins.map(({ commit }) => commit))])
  const [attended, deserted] = await attendance(ports, tasks)
  const books: Books = { tasks, pins, attended, deserted, busy: new Set() }
  const found = diagnose(books, survey)
  const busy = await busyOf(ports, found, held)
  return busy.size === 0 ? found : diagnose({ ...books, busy }, survey)
}

async function attendance(
  ports: EnginePorts,
  tasks: readonly TaskState[],
): Promise<readonly [attended: ReadonlySet<string>, deserted: ReadonlySet<string>]> {
  const attended = new Set<string>()
  const deserted = new Set<string>()
  for (const task of tasks) {
    if (task.agent === null) continue
    if (await hasVanished(ports, task)) deserted.add(task.id)
    else attended.add(task.id)
  }
  return [attended, deserted]
}

/** Only where something would be repaired does it matter whether somebody is at it. */
async function busyOf(
  ports: EnginePorts,
  found: readonly Drift[],
  held: string | null,
): Promise<ReadonlySet<string>> {
  const busy = new Set<string>()
  const ids = found.flatMap(({ task, remedy }) => (task === null || remedy.kind === 'refusal' ? [] : [task]))
  for (const id of new Set(ids)) if (id !== held && (await isBusy(ports, id))) busy.add(id)
  return busy
}
