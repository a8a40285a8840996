// Repairs the log in argv[2] and is killed at the step argv[3] on its disk; a write is done by half before.
// Prints how many steps it took if it comes to its end.
import { repairLog, systemDisk } from '@coppice/store'

const [directory, last] = process.argv.slice(2)
let steps = 0

function step(before = () => undefined) {
  if (steps++ !== Number(last)) return
  before()
  process.kill(process.pid, 'SIGKILL')
}

const disk = {
  ...systemDisk,
  open(path, mode) {
    if (mode !== 'read') step()
    const file = systemDisk.open(path, mode)
    return {
      size: () => file.size(),
      isNamed: () => file.isNamed(),
      read: (buffer, offset) => file.read(buffer, offset),
      readNow: (buffer, offset) => file.readNow(buffer, offset),
      write(bytes, offset) {
        step(() => file.write(bytes.subarray(0, bytes.length / 2), offset))
        return file.write(bytes, offset)
      },
      truncate(size) {
        step()
        file.truncate(size)
      },
      sync() {
        step()
        return file.sync()
      },
      close: () => file.close(),
    }
  },
  rename(from, to) {
    step()
    systemDisk.rename(from, to)
  },
  syncDirectory(path) {
    step()
    return systemDisk.syncDirectory(path)
  },
}

await repairLog(directory, { disk })
process.stdout.write(`${steps}\n`)
