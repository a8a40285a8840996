import { fileURLToPath } from 'node:url'
import { execute } from '../execute.mjs'

/** The workload's program; it runs on the built packages, as a user's process does. */
export const WORKLOAD = fileURLToPath(new URL('workload.mjs', import.meta.url))

const EXAMINE = fileURLToPath(new URL('examine.mjs', import.meta.url))
const READER = fileURLToPath(new URL('../../store/programs/read-log.py', import.meta.url))

/** Bytes that a program may print of a log. */
const maxBuffer = 268_435_456

/** Has a clean process read the log, append to it, and read it again. */
export function examine(directory, segmentBytes, label) {
  return JSON.parse(
    execute(process.execPath, [EXAMINE, directory, String(segmentBytes), label], { maxBuffer }),
  )
}

/** The hashes of the facts as the reader has them that was written from the document of the format alone. */
export function hashesByPython(directory) {
  const lines = execute('python3', [READER, directory], { maxBuffer }).split('\n').slice(0, -1)
  return lines.map((line) => JSON.parse(line).hash)
}
