import { once } from 'node:events'
import fc from 'fast-check'
import { afterEach, expect, it, vi } from 'vitest'
import { goodLines } from '../../packages/store/src/format/good-lines.js'
import {
  answersOf,
  checkerWith,
  checkMuch,
  endOf,
  shared,
  startedBy,
  startsIn,
  threaded,
} from './helpers/checkers.js'
import { linesOf, someLines } from './helpers/lines.js'

const NO_PROGRAM = new URL('not-there.js', import.meta.url)
const LINES = shared(linesOf(['first', 'second']))

afterEach(() => void vi.useRealTimers())

it('finds on the other thread what is found on this one, whatever the lines are', async () => {
  const { checker, worker } = await threaded()
  let checks = 0
  const answers = await answersOf(worker, () =>
    fc.assert(
      fc.asyncProperty(fc.array(someLines, { minLength: 1, maxLength: 4 }), async (all) => {
        checks += all.length
        const found = await Promise.all(all.map((lines) => checker.check(shared(lines))))
        expect(found).toEqual(all.map(goodLines))
      }),
      { numRuns: 200 },
    ),
  )
  expect(answers).toBe(checks)
})

it('checks here what the other thread does not see', async () => {
  const { checker, worker } = await threaded()
  const answers = await answersOf(worker, async () => {
    expect(await checker.check(Buffer.from(LINES))).toBe(LINES.length)
  })
  expect(answers).toBe(0)
})

it('checks here what a lost thread leaves, and starts no other', async () => {
  const { checker, worker } = await threaded()
  const checks = Array.from({ length: 50 }, () => checker.check(LINES))
  await worker.terminate()
  expect(new Set(await Promise.all(checks))).toEqual(new Set([LINES.length]))
  expect(await startsIn(() => checkMuch(checker))).toBe(0)
  expect(await checker.check(LINES)).toBe(LINES.length)
})

it('checks everything here where the thread’s program is not there', async () => {
  const checker = checkerWith(NO_PROGRAM)
  const worker = await startedBy(checker)
  const ended = endOf(worker)
  expect(await checker.check(LINES)).toBe(LINES.length)
  await ended
  expect(await checker.check(LINES)).toBe(LINES.length)
  expect(await startsIn(() => checkMuch(checker))).toBe(0)
})

it('finishes what is under way when it is closed, and ends its thread', async () => {
  const { checker, worker } = await threaded()
  const checks = Array.from({ length: 50 }, () => checker.check(LINES))
  const ended = endOf(worker)
  await checker.close()
  await ended
  expect(new Set(await Promise.all(checks))).toEqual(new Set([LINES.length]))
  expect(await startsIn(() => checkMuch(checker))).toBe(0)
})

it('can be closed while its thread is being started', async () => {
  const checker = checkerWith()
  const worker = await startedBy(checker)
  const ended = endOf(worker)
  await checker.close()
  await ended
  expect(await checker.check(LINES)).toBe(LINES.length)
})

it('lets its thread go after a pause, and starts one again when there is much to check', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  const { checker, worker } = await threaded()
  await checker.check(LINES)
  vi.advanceTimersByTime(999)
  await checker.check(LINES)
  const ended = endOf(worker)
  vi.advanceTimersByTime(999)
  expect(await answersOf(worker, () => checker.check(LINES))).toBe(1)
  vi.advanceTimersByTime(1_000)
  await ended
  expect(await checker.check(LINES)).toBe(LINES.length)
  const next = await startedBy(checker)
  await once(next, 'message')
  expect(await answersOf(next, () => checker.check(LINES))).toBe(1)
})

it('starts no thread for a little now and then', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  const checker = checkerWith()
  const half = shared(Buffer.alloc(5_000_000))
  const starts = await startsIn(async () => {
    for (let times = 0; times < 4; times++) {
      await checker.check(half)
      vi.advanceTimersByTime(1_000)
    }
  })
  expect(starts).toBe(0)
  expect(await startsIn(() => checker.check(half))).toBe(0)
  expect(await startsIn(() => checker.check(half))).toBe(1)
})
