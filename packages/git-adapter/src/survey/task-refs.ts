import { InvalidTaskIdError, parseTaskId, type Oddity } from '@coppice/core'
import { resolve } from '../git/objects.js'
import type { Place } from '../git/place.js'

/** The refs of one task below `refs/coppice`. */
export interface TaskRefs {
  /** Those that hold a commit that exists, by their full names. */
  readonly pins: Readonly<Record<string, string>>
  readonly newest: Numbered | null
  /** The number that a checkpoint may have that is taken next. */
  readonly nextNumber: number
}

/** A ref that holds a checkpoint. */
export interface Numbered {
  readonly number: number
  readonly ref: string
  readonly commit: string
}

export interface AllTaskRefs {
  readonly byTask: ReadonlyMap<string, TaskRefs>
  readonly odd: readonly Oddity[]
}

/** Reads what is pinned, by task. Anybody can make refs there: what cannot be one of ours is told and passed over. */
export async function taskRefs(place: Place, refs: Readonly<Record<string, string>>): Promise<AllTaskRefs> {
  const held = Object.entries(refs).filter(([ref]) => ref.startsWith(PINS))
  const commits =
    held.length === 0
      ? []
      : await resolve(
          place,
          held.map(([, oid]) => `${oid}^{commit}`),
        )
  const found = new Map<string, { pins: Record<string, string>; numbered: Numbered[]; last: number }>()
  const odd: Oddity[] = []
  for (const [index, [ref, oid]] of held.entries()) {
    const [id = '', ...rest] = ref.slice(PINS.length).split('/')
    const name = rest.join('/')
    const problem = problemOf(id, name)
    if (problem !== null) {
      odd.push({ subject: ref, why: problem })
      continue
    }
    const task = found.get(id) ?? { pins: {}, numbered: [], last: 0 }
    found.set(id, task)
    const number = Number(/^checkpoints\/([1-9]\d{0,8})$/.exec(name)?.[1] ?? 0)
    task.last = Math.max(task.last, number)
    const commit = commits[index] === oid ? oid : null
    if (commit === null) odd.push({ subject: ref, why: 'it holds no commit that is there' })
    else task.pins[ref] = commit
    if (commit !== null && number > 0) task.numbered.push({ number, ref, commit })
  }
  const byTask = [...found].map(([id, { pins, numbered, last }]): [string, TaskRefs] => {
    const newest = numbered.toSorted((a, b) => b.number - a.number)[0] ?? null
    return [id, { pins, newest, nextNumber: last + 1 }]
  })
  return { byTask: new Map(byTask), odd }
}

const PINS = 'refs/coppice/'

function problemOf(id: string, name: string): string | null {
  if (name === '') return 'Coppice keeps nothing by such a name'
  return problemOfId(id)
}

/** Why an id that was found somewhere is none, or null where it is one. */
export function problemOfId(id: string): string | null {
  try {
    parseTaskId(id)
    return null
  } catch (error) {
    if (error instanceof InvalidTaskIdError) return error.message
    throw error
  }
}
