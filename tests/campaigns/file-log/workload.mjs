// Works on a file log as argv[2] says, in JSON: `directory`, `segmentBytes`, `label`, which makes its appends unlike
// those of every other run, and `steps`. It tells what happens on stdout, a line each, at once:
//
//   acknowledged <append> <sequence>:<hash> …   an append was answered with its facts
//   refused <append> <code> <message>           an append failed; the code is `untyped` if the error is not Coppice's
//   held <sequence>:<hash> …                    what the log gives back
//   unreadable <code> <message>                 it could not be read
//   unclosed <code> <message>                   closing the log failed
//   saving <sequence> <task> …                  a snapshot is about to be saved, with these tasks that are done
//   saved <sequence>                            it was
//   unsaved <code> <message>                    it was not
//   paused                                      goes on when a line comes in
//   done
import { readSync, writeSync } from 'node:fs'
import { readlink } from 'node:fs/promises'
import { isCoppiceError } from '@coppice/core'
import { openFileLog } from '@coppice/store'
import { SnapshotSaver } from './snapshot-saver.mjs'

const { directory, segmentBytes, label, steps } = JSON.parse(process.argv[2])
const logs = {}
const saver = new SnapshotSaver(directory)
let appends = 0
/** The version of the stream that only lone appends go to, so that each can name the one that it expects. */
let version = 0
let last = null

function tell(...words) {
  writeSync(1, `${words.join(' ').replaceAll('\n', ' ')}\n`)
}

function reasonOf(error) {
  return isCoppiceError(error) ? [error.code, error.message] : ['untyped', error?.stack ?? error]
}

async function opened(name) {
  logs[name] ??= await openFileLog(directory, { segmentBytes })
  return logs[name]
}

/** Every fact says which append it is from, and how many facts that has. */
async function append(name, stream, count, padding, expected) {
  appends += 1
  const id = `${label}#${appends}`
  const facts = Array.from({ length: count }, (_, index) => ({
    type: 'task.parked',
    at: '2024-01-02T03:04:05.678Z',
    data: { reason: `${id} ${index + 1}/${count} ${'x'.repeat(padding)}` },
  }))
  try {
    const log = await opened(name)
    const recorded = await log.append(stream, facts, expected)
    last = recorded.at(-1)
    tell('acknowledged', id, ...recorded.map((fact) => `${fact.sequence}:${fact.hash}`))
    return count
  } catch (error) {
    tell('refused', id, ...reasonOf(error))
    return 0
  }
}

async function appendAlone(name, count = '1', padding = '0') {
  version += await append(name, `task/${label}`, Number(count), Number(padding), version)
}

const actions = {
  append: (count, padding) => appendAlone('one', count, padding),
  /** By a second log over the same files, as another process has it, so that the first has to catch up. */
  other: (count, padding) => appendAlone('other', count, padding),
  /** So many at once, of one fact, two and three. */
  group: async (size, padding = '0') => {
    const group = Array.from({ length: Number(size) }, (_, index) =>
      append('one', `task/${label}-${index % 5}`, 1 + (index % 3), Number(padding), 'any'),
    )
    await Promise.all(group)
  },
  snapshot: async () => {
    if (last === null) return
    try {
      const isSaved = await saver.save(last, `${label}-${appends}`, (tasks) =>
        tell('saving', last.sequence, ...tasks),
      )
      if (isSaved) tell('saved', last.sequence)
    } catch (error) {
      tell('unsaved', ...reasonOf(error))
    }
  },
  read: async () => {
    try {
      const held = []
      for await (const fact of (await opened('one')).read()) held.push(`${fact.sequence}:${fact.hash}`)
      tell('held', ...held)
    } catch (error) {
      tell('unreadable', ...reasonOf(error))
    }
  },
  pause: () => {
    tell('paused')
    readSync(0, Buffer.alloc(1))
  },
  close: async () => {
    for (const name of Object.keys(logs)) {
      const log = logs[name]
      delete logs[name]
      await log.close().catch((error) => tell('unclosed', ...reasonOf(error)))
    }
  },
}

// Starts the pool's thread, so that there are no new ones later.
await readlink('/proc/self/exe')
for (const step of steps) {
  const [action, ...args] = step.split(' ')
  await actions[action](...args)
}
tell('done')
