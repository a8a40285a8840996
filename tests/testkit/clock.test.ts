import { SimulatedClock } from '@coppice/testkit'
import { expect, test } from 'vitest'

const START = '2026-01-02T03:04:05.000Z'

test('no time passes by itself', async () => {
  const clock = new SimulatedClock({ start: START, mode: 'manual' })
  await new Promise((resolve) => setImmediate(resolve))
  expect([clock.now(), clock.now()]).toEqual([START, START])
})

test('whoever sleeps wakes when so much time was let pass, each at its own time', async () => {
  const clock = new SimulatedClock({ start: START, mode: 'manual' })
  const woken: string[] = []
  for (const milliseconds of [300, 100, 200, 100]) {
    void clock.sleep(milliseconds).then(() => woken.push(`${milliseconds} at ${clock.now().slice(-5)}`))
  }
  await clock.advance(99)
  expect([woken, clock.sleeping]).toEqual([[], 4])
  await clock.advance(150)
  expect(woken).toEqual(['100 at .100Z', '100 at .100Z', '200 at .200Z'])
  expect(clock.now()).toBe('2026-01-02T03:04:05.249Z')
  await clock.advance(51)
  expect([woken.at(-1), clock.sleeping]).toEqual(['300 at .300Z', 0])
})

test('in the other mode it is at once when the next one wakes, but not before all others can go on no more', async () => {
  const clock = new SimulatedClock({ start: START })
  const story: string[] = []
  const sleeper = async (name: string, ...naps: readonly number[]): Promise<void> => {
    for (const nap of naps) {
      await clock.sleep(nap)
      story.push(`${name} at ${clock.now().slice(-5)}`)
    }
  }
  const late = (async () => {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve()
    await sleeper('late', 50)
  })()
  await Promise.all([sleeper('one', 100, 100), sleeper('other', 150), late])
  expect(story).toEqual(['late at .050Z', 'one at .100Z', 'other at .150Z', 'one at .200Z'])
})

test('a sleep ends when it is aborted, and no time has passed', async () => {
  const clock = new SimulatedClock({ start: START, mode: 'manual' })
  const abort = new AbortController()
  const sleep = clock.sleep(100, abort.signal)
  abort.abort(new Error('enough'))
  await expect(sleep).rejects.toThrow('enough')
  await expect(clock.sleep(100, abort.signal)).rejects.toThrow('enough')
  expect([clock.sleeping, clock.now()]).toEqual([0, START])
})
