// Adds 1 to the number in the file argv[3], argv[4] times, reading and writing it apart, under a lock in argv[2].
import { readFileSync, writeFileSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import { FileLocks } from '@coppice/store'

const [directory, file, times] = process.argv.slice(2)
const locks = new FileLocks(directory)
for (let time = 0; time < Number(times); time++) {
  const lock = await locks.acquire('counter')
  const number = Number(readFileSync(file, 'utf8'))
  await turn()
  writeFileSync(file, String(number + 1))
  await lock.release()
}
