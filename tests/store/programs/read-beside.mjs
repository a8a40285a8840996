// Reads the log in argv[2] three times, the second time only in part, and prints a line of JSON for each: how many facts
// came, the hash of the last, what it failed with, and whether another thread had a part in it, for which it waits
// after the first. It leaves the log open, and prints at last how many threads are there when nothing else is to be done.
import { once } from 'node:events'
import { openFileLog } from '@coppice/store'

let worker = null
let answers = 0
let ready = Promise.resolve([])
process.once('worker', (started) => {
  worker = started
  ready = once(worker, 'message')
})

const log = await openFileLog(process.argv[2])
await read(Number.POSITIVE_INFINITY)
worker?.ref()
await ready
worker?.unref()
worker?.on('message', () => (answers += 1))
await read(50)
await read(Number.POSITIVE_INFINITY)
process.once('beforeExit', () => print({ threads: worker === null || worker.threadId === -1 ? 0 : 1 }))

async function read(most) {
  answers = 0
  let count = 0
  let last = null
  let failure = null
  try {
    for await (const { hash } of log.read()) {
      last = hash
      count += 1
      if (count === most) break
    }
  } catch ({ code, message }) {
    failure = { code, message }
  }
  print({ count, last, failure, isShared: answers > 0 })
}

function print(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}
