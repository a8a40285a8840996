import { Engine, isCoppiceError, type TaskState } from '@coppice/core'
import {
  arbitraryFaults,
  assertMergedOnce,
  assertNothingLost,
  fact,
  SimulatedWorld,
  survive,
  type Program,
  type ProgramFault,
} from '@coppice/testkit'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mergeRequest } from '../core/helpers/requests.js'
import { careful } from './helpers/careful-program.js'

const contentOf = (world: SimulatedWorld, path: string): string | undefined =>
  world.repository.filesAt(world.repository.branch('main')).get(path)?.content

test.each(['pause', 'beside'] as const)(
  'a program that goes by what there is comes to its end with “%s” at any step',
  async (kind) => {
    for (let step = 1; step < 60; step++) {
      const world = new SimulatedWorld()
      await survive(world, careful(world), [{ step, kind }], () => {
        expect({ step, f: contentOf(world, 'f') }).toEqual({ step, f: 'the fix' })
        assertNothingLost(world)
        assertMergedOnce(world)
        expect(world.locks.held()).toEqual({})
      })
    }
  },
)

/** Has two tasks done. Its bug: what was merged since the process began counts as somebody else’s of the same name. */
function stale(world: SimulatedWorld): Program<void> {
  return async (ports) => {
    const engine = await Engine.open(ports)
    await engine.recover()
    const begun = new Set(engine.tasks().map((task) => task.id))
    const createAs = (id: string): Promise<TaskState> =>
      engine.create({ id }).catch((error: unknown) => {
        if (!isCoppiceError(error, 'task-exists')) throw error
        const there = engine.find(id)!
        return there.status === 'merged' ? engine.create({ id: `${id}-again` }) : there
      })
    for (const id of ['one', 'two']) {
      const task = begun.has(id) ? engine.find(id)! : await createAs(id)
      if (task.status === 'merged') continue
      world.at(task.path).write(`${task.id}.txt`, `the work of ${id}`)
      await engine.command(task.id, mergeRequest())
    }
  }
}

function expectEachToLandOnce(world: SimulatedWorld): void {
  const landed = world.disk.all().filter(({ type }) => type === 'merge.landed')
  expect(landed.map(({ stream }) => stream).toSorted()).toEqual(['task/one', 'task/two'])
}

/** What is told of the bug with such a fault at each step of the program; nothing where it does not show. */
async function toldOf(kind: ProgramFault['kind']): Promise<readonly string[]> {
  const told: string[] = []
  for (let step = 1; step < 100; step++) {
    const world = new SimulatedWorld()
    const survived = survive(world, stale(world), [{ step, kind }], () => expectEachToLandOnce(world))
    await survived.catch((error: Error) => told.push(error.message))
  }
  return told
}

test.each(['crash', 'fail', 'beside'] as const)(
  '“%s” at any step does not show what is wrong with a stale memory',
  async (kind) => {
    expect(await toldOf(kind)).toEqual([])
  },
)

test('a process that wakes up late shows it, told with when that stood still and what it did then', async () => {
  const told = await toldOf('pause')
  expect(told.length).toBeGreaterThan(0)
  for (const message of told)
    expect(message).toMatch(
      /life 1: paused before “[^”]+” until the others had ended\n.* two-again merge\.landed.*\n {2}life 2: nothing befell it\n.* two merge\.landed/,
    )
})

test('faults of all kinds find it, and shrink to the one pause', async () => {
  const kinds = ['crash', 'fail', 'beside', 'pause'] as const
  const faults = arbitraryFaults({ maxLives: 1, maxStep: 100, kinds })
  const property = fc.asyncProperty(faults, fc.scheduler(), async (each, scheduler) => {
    const world = new SimulatedWorld()
    await survive(world, stale(world), each, () => expectEachToLandOnce(world), scheduler)
  })
  // There are few such steps, and what is drawn without a seed may be none of them.
  const { counterexample } = await fc.check(property, { numRuns: 1_000, seed: 1 })
  expect(counterexample?.[0]).toMatchObject([{ kind: 'pause' }])
})

test('a scheduler interleaves two processes in many ways, and the program comes to its end in each', async () => {
  const orders = new Set<string>()
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 60 }), async (scheduler, step) => {
      const world = new SimulatedWorld()
      await survive(
        world,
        careful(world),
        [{ step, kind: 'beside' }],
        () => {
          expect(contentOf(world, 'f')).toBe('the fix')
          assertNothingLost(world)
          assertMergedOnce(world)
        },
        scheduler,
      )
      orders.add(
        scheduler
          .report()
          .map(({ label }) => label)
          .join(),
      )
    }),
  )
  expect(orders.size).toBeGreaterThan(10)
})

test('whoever fails beside another is started again, alone, and its error is told', async () => {
  const world = new SimulatedWorld()
  const program = careful(world)
  let lives = 0
  const { value, troubles } = await survive(
    world,
    async (ports) => {
      lives += 1
      if (lives === 2) throw new Error('somebody is there already')
      return program(ports)
    },
    [{ step: 1, kind: 'pause' }],
  )
  expect([value, lives]).toEqual(['merged before', 3])
  expect(troubles).toEqual([
    'paused before “log: write” until the others had ended',
    'ended beside another by “somebody is there already”',
  ])
})

test('what fails alone, too, is the program’s own', async () => {
  const failing: Program<never> = async (ports) => {
    await careful(world)(ports)
    throw new TypeError('its own')
  }
  const world = new SimulatedWorld()
  await expect(survive(world, failing, [{ step: 2, kind: 'pause' }])).rejects.toThrow(
    /^its own\n\n {2}life 1: paused before [^]*; ended beside another by “its own”\n[^]*life 3: nothing befell it/,
  )
})

test('a paused process stands still with all of its work, though only one part of it came to the step', async () => {
  const world = new SimulatedWorld()
  const seen: number[] = []
  let lives = 0
  const { troubles } = await survive(
    world,
    async ({ log }) => {
      lives += 1
      if (lives === 2) {
        // Long enough for whoever goes on to be done.
        for (let turn = 0; turn < 200; turn++) await Promise.resolve()
        return void seen.push(world.disk.written)
      }
      const begin = (task: string) => log.append(`task/${task}`, [fact('task.requested')], 'any')
      // Nobody has to wait for one that stands still at its acknowledgement.
      await Promise.all(['a', 'b', 'c', 'd'].map(begin))
    },
    [{ step: 4, kind: 'pause' }],
    () => void seen.push(world.disk.written),
  )
  expect(troubles).toEqual(['paused before “log: acknowledge” until the others had ended'])
  expect(seen).toEqual([2, 4])
})
