// Takes the lock argv[3] in the directory argv[2], says so, and holds it until it is told to end or is killed.
import { FileLocks } from '@coppice/store'

const lock = await new FileLocks(process.argv[2]).acquire(process.argv[3])
process.stdout.write('held\n')
process.stdin.on('data', async () => {
  await lock.release()
  process.exit()
})
