import type { Fact, FactData, FactType } from '@coppice/core'
import { openFileLog } from '@coppice/store'

const AT = '2024-01-02T03:04:05.678Z'
const COMMIT = '9f2c1d7b3a4e5f60718293a4b5c6d7e8f9012345'

function fact<T extends FactType>(type: T, data: FactData[T]): Fact {
  return { type, at: AT, data } as Fact
}

/** The facts of a task that is made, then parked and resumed for so many facts. */
export function lifeOf(id: string, length: number, padding = ''): Fact[] {
  const where = { branch: `coppice/${id}`, path: `/src/shop.worktrees/${id}` }
  const begin = [
    fact('task.requested', { title: null, base: { ref: 'main', commit: COMMIT }, into: 'main', ...where }),
    fact('worktree.created', { gitDir: `/src/shop/.git/worktrees/${id}`, head: COMMIT }),
  ]
  const later = Array.from({ length: Math.max(length - begin.length, 0) }, (_, index) =>
    index % 2 === 0 ? fact('task.parked', { reason: `${id} ${index}${padding}` }) : fact('task.resumed', {}),
  )
  return [...begin, ...later].slice(0, length)
}

/** Writes a log as an engine would, of appends with so many facts each, on three tasks in turn. */
export async function writeLives(
  directory: string,
  appends: readonly number[],
  segmentBytes = 67_108_864,
  padding = '',
): Promise<void> {
  const lives = [0, 1, 2].map((task) => lifeOf(`task-${task}`, 1_000, padding))
  const log = await openFileLog(directory, { segmentBytes })
  for (const [index, count] of appends.entries()) {
    await log.append(`task/task-${index % 3}`, lives[index % 3]!.splice(0, count), 'any')
  }
  await log.close()
}
