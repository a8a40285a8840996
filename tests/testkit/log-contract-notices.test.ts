import type { EventLog, Fact, RecordedFact } from '@coppice/core'
import {
  eventLogContract,
  LogDisk,
  reopenedLogContract,
  SimulatedLog,
  type ReopenableLog,
} from '@coppice/testkit'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

/** A log that gets one thing wrong: what it has of its own in the place of what a good one on the same disk has. */
type Breakage = (good: SimulatedLog, disk: LogDisk) => Partial<EventLog>

/** Facts that a log passes on, or in the place of them what it makes of them. */
async function* passing(
  facts: AsyncIterable<RecordedFact>,
  pass: (fact: RecordedFact) => boolean,
): AsyncGenerator<RecordedFact> {
  for await (const fact of facts) if (pass(fact)) yield fact
}

const cut = (fact: Fact): Fact =>
  fact.type === 'task.parked'
    ? { ...fact, data: { reason: fact.data.reason?.slice(0, 1_000) ?? null } }
    : fact

/** What each does, the case that has to notice it, and how. */
const BREAKAGES: readonly (readonly [string, string, Breakage])[] = [
  [
    'reads streams by the beginning of their names',
    'a stream whose name begins with the name of another is another stream',
    (good) => ({ readStream: (name) => passing(good.read(), ({ stream }) => stream.startsWith(name)) }),
  ],
  [
    'shows a part of an append',
    'whoever reads while appends go on sees all of an append or nothing of it',
    (good) => ({
      append: async (stream, facts, expected) => {
        const recorded = [...(await good.append(stream, facts.slice(0, 1), expected))]
        for (const fact of facts.slice(1)) {
          await turn()
          recorded.push(...(await good.append(stream, [fact], 'any')))
        }
        return recorded
      },
    }),
  ],
  [
    'cuts texts',
    'a long text is kept to its last character',
    (good) => ({ append: (stream, facts, expected) => good.append(stream, facts.map(cut), expected) }),
  ],
  [
    'cuts appends',
    'an append of many facts is kept to its last one',
    (good) => ({ append: (stream, facts, expected) => good.append(stream, facts.slice(0, 100), expected) }),
  ],
]

/** What only shows when the log is opened again: how a log is opened on a disk, and whether for the first time. */
type Opening = (disk: LogDisk, isFirst: boolean) => EventLog

const REOPENED: readonly (readonly [string, string, Opening])[] = [
  [
    'keeps what it has until it is closed',
    'what was acknowledged is there for who opens the log, though nobody has closed it',
    (disk, isFirst) => {
      if (!isFirst) return new SimulatedLog({ disk })
      const held = new LogDisk()
      const log = new SimulatedLog({ disk: held })
      return broken(log, {
        close: async () => {
          const good = new SimulatedLog({ disk })
          for (const { stream, ...fact } of held.after(0)) await good.append(stream, [fact], 'any')
          await log.close()
        },
      })
    },
  ],
  [
    'forgets what is behind #100 when it is opened again',
    'a long log that is opened again holds every fact, and every text to its end',
    (disk, isFirst) => {
      const log = new SimulatedLog({ disk })
      const read = (): AsyncIterable<RecordedFact> => passing(log.read(), ({ sequence }) => sequence <= 100)
      return isFirst ? log : broken(log, { read })
    },
  ],
]

function broken(good: SimulatedLog, own: Partial<EventLog>): EventLog {
  return new Proxy<EventLog>(good, {
    get: (target, name) => {
      const value: unknown = Reflect.get(own, name) ?? Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

test.each(BREAKAGES)('the contract notices a log that %s', async (_, noticing, breakage) => {
  const open = async () => {
    const disk = new LogDisk()
    const good = new SimulatedLog({ disk })
    return { log: broken(good, breakage(good, disk)) }
  }
  const named = eventLogContract(open).find(({ name }) => name === noticing)
  await expect(named?.run()).rejects.toThrow(/deep|equal|an append/i)
})

test.each(REOPENED)(
  'the contract of logs that outlive their process notices one that %s',
  async (_, noticing, opening) => {
    const open = async (): Promise<ReopenableLog> => {
      const disk = new LogDisk()
      return { log: opening(disk, true), reopen: async () => opening(disk, false) }
    }
    const named = reopenedLogContract(open).find(({ name }) => name === noticing)
    await expect(named?.run()).rejects.toThrow(/deep|equal|an append/i)
  },
)

/** Logs for which somebody would wait for ever, the case that has to notice them, and what it waited for. */
const HANGING: readonly (readonly [string, string, Breakage, RegExp])[] = [
  [
    'passes every third fact over',
    'a subscription gives what is there and then what comes, without gaps or doubles',
    (good) => ({
      subscribe: (from, signal) => passing(good.subscribe(from, signal), ({ sequence }) => sequence % 3 > 0),
    }),
    /^waited 4000 ms for a reader to go on behind 134 facts, up to 200 facts in all$/,
  ],
  [
    'does not end its subscriptions when it is closed',
    'closing the log ends its subscriptions',
    () => ({
      subscribe: () =>
        passing({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) }, () => true),
    }),
    /^waited 4000 ms for a reader to go on behind 0 facts, up to the end$/,
  ],
  [
    'never acknowledges an append, and never closes',
    'an append whose expectation holds is taken',
    () => ({ append: () => new Promise(() => undefined), close: () => new Promise(() => undefined) }),
    /^waited 10000 ms for the end of this case: an append whose expectation holds is taken$/,
  ],
]

test.each(HANGING)(
  'the contract does not hang with a log that %s',
  async (_, noticing, breakage, message) => {
    const open = async () => {
      const disk = new LogDisk()
      const good = new SimulatedLog({ disk })
      return { log: broken(good, breakage(good, disk)) }
    }
    const named = eventLogContract(open).find(({ name }) => name === noticing)
    await Promise.all([expect(named?.run()).rejects.toThrow(message), passTime()])
  },
)

/** Lets all limits pass; the log takes turns of its own between them. */
async function passTime(): Promise<void> {
  for (let round = 0; round < 3; round++) {
    for (let count = 0; count < 1_000; count++) await turn()
    await vi.advanceTimersByTimeAsync(20_000)
  }
}
