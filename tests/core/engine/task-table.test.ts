import { replay, TASK_STATUSES, type RecordedFact, type TaskState } from '@coppice/core'
import { SimulatedSnapshots, SnapshotDisk } from '@coppice/testkit'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isDone } from '../../../packages/core/src/engine/is-done.js'
import { TaskTable } from '../../../packages/core/src/engine/task-table.js'
import { ABANDON, mergeRequest, PARK, RESTORE } from '../helpers/requests.js'
import { World, type Session } from '../helpers/world/world.js'

const IDS = ['a', 'b']
const REQUESTS = { park: PARK, abandon: ABANDON, restore: RESTORE, merge: mergeRequest() }

type Step =
  | { readonly act: 'create' | keyof typeof REQUESTS; readonly id: string }
  | { readonly act: 'begin a save' | 'end the save' | 'start anew' }

const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constantFrom('create', 'abandon', 'abandon', 'restore', 'restore', 'park', 'merge'),
      id: fc.constantFrom(...IDS),
    }),
  },
  { weight: 2, arbitrary: fc.record({ act: fc.constantFrom('begin a save', 'end the save', 'start anew') }) },
) as fc.Arbitrary<Step>

/** A table that lives through facts and saves in any order, as in a process that works while it saves. */
class Life {
  readonly #disk = new SnapshotDisk()
  #snapshots = new SimulatedSnapshots({ disk: this.#disk })
  #endSave: (() => Promise<void>) | null = null
  table = new TaskTable(this.#snapshots)
  readonly facts: RecordedFact[] = []
  /** Every state that anybody ever got from it. */
  readonly known: TaskState[] = []

  fold(facts: readonly RecordedFact[]): void {
    for (const fact of facts) this.table.fold(fact)
    this.facts.push(...facts)
  }

  async take(act: 'begin a save' | 'end the save' | 'start anew'): Promise<void> {
    if (act === 'begin a save') this.#endSave ??= this.#beginSave()
    else if (act === 'end the save') await this.#endSave?.().finally(() => (this.#endSave = null))
    else await this.#startAnew()
  }

  #beginSave(): () => Promise<void> {
    const table = this.table
    const taken = table.take()
    const snapshot = { schema: 0, sequence: this.facts.length, hash: '', live: taken.live }
    return async () => {
      await this.#snapshots.save(() => ({ snapshot, done: taken.done }))
      table.saved(taken)
    }
  }

  /** Another process: it knows what was saved last, and reads what came after. */
  async #startAnew(): Promise<void> {
    this.#endSave = null
    this.known.length = 0
    this.#snapshots = new SimulatedSnapshots({ disk: this.#disk })
    const snapshot = await this.#snapshots.load()
    this.table = new TaskTable(this.#snapshots, snapshot?.live)
    for (const fact of this.facts.slice(snapshot?.sequence ?? 0)) this.table.fold(fact)
  }
}

/** The table answers every question as a full replay does, whatever the one who asks knew before. */
async function expectAsReplayed({ facts, table, known }: Life): Promise<void> {
  const states = [...(await replay(facts)).values()]
  expect(table.list(TASK_STATUSES)).toEqual(states)
  expect(table.live()).toEqual(states.filter((task) => !isDone(task)))
  for (const status of TASK_STATUSES) {
    expect(table.list([status])).toEqual(states.filter((task) => task.status === status))
  }
  for (const id of IDS) expect(table.find(id)).toEqual(states.find((task) => task.id === id) ?? null)
  for (const old of known) expect(table.find(old.id, old)).toEqual(states.find(({ id }) => id === old.id))
  known.push(...states)
}

async function attempt(
  { engine }: Session,
  act: 'create' | keyof typeof REQUESTS,
  id: string,
): Promise<void> {
  const done = act === 'create' ? engine.create({ id }) : engine.command(id, REQUESTS[act])
  // What the lifecycle refuses in a status is no step.
  await done.catch(() => undefined)
}

test('is what a replay gives, whatever is saved when, and what happens meanwhile', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40, size: 'max' }), async (steps) => {
      const world = new World()
      const session = await world.open()
      const life = new Life()
      let folded = 0
      for (const each of steps) {
        if ('id' in each) await attempt(session, each.act, each.id)
        else await life.take(each.act)
        const facts = await world.facts()
        life.fold(facts.slice(folded))
        folded = facts.length
        await expectAsReplayed(life)
      }
    }),
    { numRuns: 150 },
  )
})

test('holds as much of finished tasks as came since the last save, and lists the live without looking further', async () => {
  const world = new World()
  const { engine } = await world.open()
  for (let index = 0; index < 30; index++) {
    await engine.create({ id: `task-${index}` })
    if (index % 10 > 0) await engine.command(`task-${index}`, ABANDON)
  }
  const disk = new SnapshotDisk()
  const snapshots = new SimulatedSnapshots({ disk })
  const table = new TaskTable(snapshots)
  const facts = await world.facts()
  const half = facts.findIndex(({ stream }) => stream === 'task/task-20')
  for (const fact of facts.slice(0, half)) table.fold(fact)
  const taken = table.take()
  await snapshots.save(() => ({
    snapshot: { schema: 0, sequence: half, hash: '', live: taken.live },
    done: taken.done,
  }))
  table.saved(taken)
  for (const fact of facts.slice(half)) table.fold(fact)
  disk.damage()
  const isHeld = ({ id }: TaskState): boolean => {
    try {
      return table.find(id) !== null
    } catch {
      return false
    }
  }
  const held = engine.tasks().filter(isHeld)
  expect(held.filter(({ status }) => status === 'active')).toHaveLength(3)
  expect(held.filter(({ status }) => status === 'abandoned')).toHaveLength(9)
  expect(table.live()).toHaveLength(3)
  expect(table.list(['active', 'parked', 'failed'])).toHaveLength(3)
  expect(() => table.list(['abandoned'])).toThrow(expect.objectContaining({ code: 'snapshot-lost' }))
})

test('does not take what changed during a save for saved', async () => {
  const world = new World()
  const session = await world.open()
  const life = new Life()
  await session.engine.create({ id: 'a' })
  await session.engine.command('a', ABANDON)
  life.fold(await world.facts())
  await life.take('begin a save')
  const saving = (await world.facts()).length
  await session.engine.command('a', RESTORE)
  await session.engine.command('a', ABANDON)
  life.fold((await world.facts()).slice(saving))
  await life.take('end the save')
  await expectAsReplayed(life)
})
