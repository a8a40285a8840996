import { Engine, replay } from '@coppice/core'
import { arbitraryStory, BrokenStory, checkStories, play, Simulation, type Move } from '@coppice/testkit'
import fc from 'fast-check'
import { expect, test } from 'vitest'

test('every story keeps the promises, and the engine knows what the log says', async () => {
  const { stories, steps } = await checkStories({ numRuns: 300 }, { atRest: expectEngineToAgree })
  expect(stories).toBe(300)
  expect(steps).toBeGreaterThan(3_000)
})

async function expectEngineToAgree({ world, chronicle }: Simulation): Promise<void> {
  const engine = await Engine.open(world.start().ports)
  expect(new Map(engine.tasks().map((task) => [task.id, task]))).toEqual(await replay(chronicle.facts))
  // What an agent did on purpose, such as leaving its branch, is told and left.
  const { drifts } = await engine.diagnose()
  expect(drifts.filter(({ remedy }) => remedy.kind !== 'refusal')).toEqual([])
}

test('three tasks and three processes keep them, too, and so does a life without faults', async () => {
  await expect(checkStories({ tasks: ['a', 'b', 'c'], processes: 3, numRuns: 60 })).resolves.toBeDefined()
  await expect(checkStories({ faults: false, numRuns: 60 })).resolves.toBeDefined()
})

/** Something that is not true of every story. */
const nobodyParks = ({ chronicle }: Simulation): void => {
  const parked = [...chronicle.states.values()].find(({ status }) => status === 'parked')
  if (parked !== undefined) throw new Error(`${parked.id} is parked`)
}

async function failureOf(options: Parameters<typeof checkStories>[0]): Promise<string> {
  const found = checkStories(options, { always: nobodyParks })
  return found.then(
    () => 'none',
    (error: unknown) => (error as Error).message,
  )
}

test('a failure is told as the shortest story that shows it, with its facts and the line that plays it again', async () => {
  const message = await failureOf({ seed: 3, numRuns: 200 })
  expect(message).toMatch(/^a is parked|^b is parked/)
  expect(message).toMatch(/ 2\. process \d: park [ab]\n +#3 [ab] task\.parked/)
  expect(message).not.toMatch(/ 3\. /)
  expect(message).toMatch(/\n +checks: \{ always \}, the same as in the call that failed$/)
  const again = /again: await checkStories\((.+), checks\)$/m.exec(message)?.[1] ?? ''
  expect(await failureOf(JSON.parse(again) as { seed: number; path: string })).toBe(message)
})

test('a check that is asynchronous is waited for, and fails its story', async () => {
  const always = async (simulation: Simulation): Promise<void> => {
    await Promise.resolve()
    nobodyParks(simulation)
  }
  const found = checkStories({ seed: 3, numRuns: 200 }, { always })
  await expect(found).rejects.toThrow(/^[ab] is parked\n\n[^]* 2\. process \d: park [ab]/)
})

test.each<[string, Parameters<typeof checkStories>[0], RegExp]>([
  [
    'a task id that an engine refuses',
    { tasks: ['Fix Login'] },
    /^tasks: "Fix Login" cannot be a task id: .*; use 1 to/,
  ],
  ['no tasks', { tasks: [] }, /^tasks: there are none/],
  ['no processes', { processes: 0 }, /^processes: it is 0; give a whole number from 1 on$/],
  ['half a process', { processes: 1.5 }, /^processes: it is 1\.5/],
  ['fewer moves than none', { maxMoves: -1 }, /^maxMoves: it is -1/],
  ['no stories', { numRuns: 0 }, /^numRuns: it is 0/],
  ['a path that leads nowhere', { seed: 3, path: '0:99999' }, /^no step was taken in 0 stories/],
])('%s is refused, since stories would show nothing', async (_, options, message) => {
  await expect(checkStories(options)).rejects.toThrow(message)
})

test('an error without a code fails a story, with the move that it came from', async () => {
  const simulation = new Simulation()
  const create: Move = { do: 'create', task: 'a', process: 0, fault: null, beside: false }
  await simulation.make(create)
  await simulation.make({ do: 'write', task: 'a', path: 'f' })
  simulation.world.repository.refs.move = () => {
    throw new TypeError('not a function')
  }
  const story = play(simulation, [{ ...create, do: 'checkpoint' }])
  await expect(story).rejects.toThrow(BrokenStory)
  await expect(story).rejects.toThrow(/^not a function\n\n[^]* 3\. process 0: checkpoint a/)
})

test('the same story and schedule are the same world, step by step', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryStory({ maxMoves: 12 }), async (moves) => {
      const [one, other] = [new Simulation(), new Simulation()]
      await play(one, moves)
      await play(other, moves)
      expect(one.told).toEqual(other.told)
      expect(one.steps).toBe(other.steps)
    }),
    { numRuns: 30 },
  )
})
