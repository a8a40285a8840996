// Appends to the log in argv[2] on the stream argv[3], argv[4] facts an append, for argv[5] appends, each fact
// made larger by argv[6] bytes.
// Prints every acknowledged fact as `<sequence> <hash>`, at once and only after its acknowledgement.
import { writeSync } from 'node:fs'
import { openFileLog } from '@coppice/store'

const [directory, stream, size, count, padding = '0'] = process.argv.slice(2)
const log = await openFileLog(directory, { segmentBytes: 20_000 + 100 * Number(padding) })
for (let append = 0; append < Number(count); append++) {
  const facts = Array.from({ length: Number(size) }, (_, index) => ({
    type: 'task.parked',
    at: '2024-01-02T03:04:05.678Z',
    data: { reason: `${append} ${index} ${'x'.repeat(Number(padding))}` },
  }))
  const recorded = await log.append(stream, facts, 'any')
  writeSync(1, recorded.map(({ sequence, hash }) => `${sequence} ${hash}\n`).join(''))
}
await log.close()
