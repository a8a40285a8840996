import { openFileLog } from '@coppice/store'

export async function open(directory) {
  const log = await openFileLog(directory)
  return {
    append: (stream, version, fact) => log.append(stream, [fact], version),
    close: () => log.close(),
  }
}
