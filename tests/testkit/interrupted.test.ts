import { Engine, type RecordedFact } from '@coppice/core'
import { historyOf, SimulatedWorld, listOf, never, type Steps } from '@coppice/testkit'
import { describe, expect, test } from 'vitest'
import { grantFrom, LIFE } from './helpers/lifetime.js'

/** Steps that go on until the one of that number, where something else happens. */
class Countdown implements Steps {
  taken = 0
  constructor(
    private readonly until: number,
    private readonly then: (name: string) => Promise<void>,
  ) {}

  step(name: string): Promise<void> {
    this.taken += 1
    return this.taken === this.until ? this.then(name) : Promise.resolve()
  }
}

async function stepsOfALife(): Promise<number> {
  const steps = new Countdown(Number.POSITIVE_INFINITY, never)
  expect(await grantFrom(new SimulatedWorld(), 0, steps)).toBe(LIFE.length)
  return steps.taken
}

/** The end of every life: all work is on the base, once, and nothing is left over. */
async function expectToHaveEndedWell(world: SimulatedWorld): Promise<void> {
  const { ports } = world.start()
  const engine = await Engine.open(ports)
  await engine.repair(false)
  expect((await engine.diagnose()).drifts).toEqual([])
  const facts: RecordedFact[] = []
  for await (const fact of ports.log.read()) facts.push(fact)
  expect(facts.filter(({ type }) => type === 'merge.landed')).toHaveLength(1)
  const files = listOf(world.repository.filesAt(world.repository.branch('main')))
  expect(Object.keys(files)).toEqual(['README.md', 'committed', 'late', 'meanwhile', 'staged', 'untracked'])
}

describe('a process that comes to its end at any step is followed by one that goes on where it was', () => {
  const ends: Readonly<Record<string, (world: SimulatedWorld) => void>> = {
    'is killed': (world) => world.killAll(),
    'dies in a power cut': (world) => world.cutPower(),
    'dies in a power cut of which one fact is left': (world) => world.cutPower(1),
  }

  test.each(Object.entries(ends))('when it %s', async (_, end) => {
    const count = await stepsOfALife()
    for (let at = 1; at <= count; at++) {
      const world = new SimulatedWorld()
      let isOver: () => void = () => undefined
      const over = new Promise<void>((resolve) => (isOver = resolve))
      const steps = new Countdown(at, async () => {
        end(world)
        isOver()
      })
      const granted = await grantFrom(world, 0, steps, over)
      expect(await grantFrom(world, granted)).toBe(LIFE.length)
      await expectToHaveEndedWell(world)
    }
  })
})

/** Every file that some ref still reaches. */
function heldFiles({ repository }: SimulatedWorld): ReadonlySet<string> {
  const commits = historyOf(repository.objects, ...repository.refs.values())
  return new Set([...commits].flatMap((commit) => Object.keys(listOf(repository.objects.filesAt(commit)))))
}

test('a step that fails is told to whoever asked, who asks again, and nothing is lost or left over', async () => {
  const count = await stepsOfALife()
  let told = 0
  for (let at = 1; at <= count; at++) {
    const world = new SimulatedWorld()
    const steps = new Countdown(at, () => Promise.reject(new Error('EIO')))
    const engine = await Engine.open(world.start(steps).ports)
    engine.listeners.on('problem', () => (told += 1))
    for (const wish of LIFE) {
      const again = async (): Promise<void> => {
        told += 1
        await engine.recover()
        await wish(engine, world).catch(() => undefined)
      }
      await wish(engine, world).catch(again)
    }
    const { failed, diagnosis } = await (await Engine.open(world.start().ports)).repair(false)
    expect([failed, diagnosis.drifts]).toEqual([[], []])
    expect([...heldFiles(world)]).toEqual(
      expect.arrayContaining(['committed', 'staged', 'untracked', 'late', 'meanwhile']),
    )
    expect([world.disk.unsynced(), world.locks.held()]).toEqual([[], {}])
  }
  // A creation is tried again by itself; everything else that fails is told.
  expect(told).toBeGreaterThan(count / 2)
})

test('a process that is paused at a step goes on when it is woken, however late', async () => {
  const world = new SimulatedWorld()
  let wake: () => void = () => undefined
  const steps = new Countdown(7, () => new Promise((resolve) => (wake = resolve)))
  const life = grantFrom(world, 0, steps)
  await world.clock.advance(3_600_000)
  world.user.commit('main', { meantime: 'x' })
  wake()
  expect(await life).toBe(LIFE.length)
  expect(world.clock.now() > '2026-01-02T04').toBe(true)
})

test('the same life is the same to the last id', async () => {
  const worlds = [new SimulatedWorld(), new SimulatedWorld()]
  for (const world of worlds) await grantFrom(world, 0)
  const [one, other] = worlds.map(({ repository, disk }) => ({
    refs: repository.refs.all(),
    hash: disk.hash,
  }))
  expect(one).toEqual(other)
})
