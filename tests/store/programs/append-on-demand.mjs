// Appends to the log in argv[2] whenever a line comes in: `<stream> <expected version>`.
// Answers each with the sequence, or with the code of the error.
import { createInterface } from 'node:readline'
import { openFileLog } from '@coppice/store'

const log = await openFileLog(process.argv[2])
for await (const line of createInterface({ input: process.stdin })) {
  const [stream, expected] = line.split(' ')
  const fact = { type: 'task.parked', at: '2024-01-02T03:04:05.678Z', data: { reason: line } }
  try {
    const [recorded] = await log.append(stream, [fact], expected === 'any' ? 'any' : Number(expected))
    process.stdout.write(`${recorded.sequence}\n`)
  } catch (error) {
    process.stdout.write(`${error.code}\n`)
  }
}
await log.close()
