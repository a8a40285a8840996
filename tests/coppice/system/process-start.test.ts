import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { ProcessProbe } from '../../../packages/coppice/src/system/process-probe.js'
import {
  fromProc,
  fromPs,
  parseStat,
  readProcessStart,
} from '../../../packages/coppice/src/system/process-start.js'
import { SystemClock } from '../../../packages/coppice/src/system/system-clock.js'
import { eventually } from '../../helpers/eventually.js'

function sleeper(): number {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  return child.pid!
}

test('a process is known by its id and its start time together', async () => {
  const probe = new ProcessProbe()
  const pid = sleeper()
  const { startTime } = readProcessStart(pid)!
  expect(await probe.isAlive({ pid, startTime, command: [] })).toBe(true)
  expect(await probe.isAlive({ pid, startTime: `${startTime}0`, command: [] })).toBe(false)
})

function nameOf(pid: number): string {
  return execFileSync('ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8' }).trim()
}

test('a process that has ended is not alive, also while it waits to be reaped', async () => {
  const probe = new ProcessProbe()
  // The shell becomes a program that never reaps the child it was given.
  const script = 'sleep 60 & echo $!; exec sleep 60'
  const parent = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] })
  onTestFinished(() => {
    parent.kill('SIGKILL')
  })
  const [line] = (await once(parent.stdout, 'data')) as [Buffer]
  const pid = Number(line.toString('utf8'))
  await eventually(() => nameOf(parent.pid!) === 'sleep')
  process.kill(pid, 'SIGKILL')
  await eventually(() => readProcessStart(pid)?.zombie === true)
  const { startTime } = readProcessStart(pid)!
  expect(await probe.isAlive({ pid, startTime, command: [] })).toBe(false)
  parent.kill('SIGKILL')
  await once(parent, 'exit')
  await eventually(() => readProcessStart(pid) === null)
  expect(await probe.isAlive({ pid, startTime, command: [] })).toBe(false)
})

test.each([
  ['/proc', fromProc],
  ['ps', fromPs],
])('%s tells the same start at every look, and another one for another process', async (_, read) => {
  const first = sleeper()
  await delay(1_100)
  const second = sleeper()
  expect(read(first)).toEqual(read(first))
  expect(read(first)).toMatchObject({ zombie: false, startTime: expect.stringMatching(/\S/) })
  expect(read(first)!.startTime).not.toBe(read(second)!.startTime)
  expect(read(2 ** 22 + 1)).toBeNull()
})

test('the command’s name in /proc may hold anything', () => {
  const rest = Array.from({ length: 18 }, (_, i) => String(i)).join(' ')
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 15 }),
      fc.constantFrom('S', 'R', 'Z'),
      (name, state) => {
        const found = parseStat(`12 (${name}) ${state} ${rest} 987654 1 2\n`)
        expect(found).toEqual({ startTime: '987654', zombie: state === 'Z' })
      },
    ),
  )
})

test('the clock tells ISO 8601 in UTC, and a sleep ends with the reason of its abort', async () => {
  const clock = new SystemClock()
  expect(clock.now()).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  await clock.sleep(1)
  const controller = new AbortController()
  const reason = new Error('wake up')
  const sleep = clock.sleep(60_000, controller.signal)
  controller.abort(reason)
  await expect(sleep).rejects.toBe(reason)
})
