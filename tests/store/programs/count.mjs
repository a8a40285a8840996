// Adds argv[3] facts to the stream `task/counter` of the log in argv[2], each at the version that it read before:
// whoever loses a race reads again.
import { openFileLog } from '@coppice/store'

const [directory, count] = process.argv.slice(2)
const log = await openFileLog(directory)
for (let added = 0; added < Number(count);) {
  let version = 0
  for await (const fact of log.readStream('task/counter')) version = fact.version
  const fact = {
    type: 'task.parked',
    at: '2024-01-02T03:04:05.678Z',
    data: { reason: `${process.pid} saw ${version}` },
  }
  try {
    await log.append('task/counter', [fact], version)
    added += 1
  } catch (error) {
    if (error.code !== 'version-conflict') throw error
  }
}
await log.close()
