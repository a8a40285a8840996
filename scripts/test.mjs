import { chmodSync, existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { setup } from './setup.mjs'
import { tool } from './tools.mjs'

/** A file system in memory; tests sync what they throw away a moment later, and on a disk that is a third of their time. */
const MEMORY = '/dev/shm'

/** Several times what the tests ever have there. */
const ENOUGH_BYTES = 4 * 2 ** 30

/** A directory in memory, or null where there is none, too little of it, or where `TMPDIR` says what to use. */
function scratchInMemory() {
  if (process.env.TMPDIR !== undefined || !existsSync(MEMORY)) return null
  const { bavail, bsize } = statfsSync(MEMORY)
  if (bavail * bsize < ENOUGH_BYTES) return null
  const scratch = mkdtempSync(join(MEMORY, 'coppice-tests-'))
  // As the directory for temporary files: some tests run as another user.
  chmodSync(scratch, 0o1777)
  return scratch
}

setup()
const scratch = scratchInMemory()
try {
  const env = scratch === null ? {} : { TMPDIR: scratch }
  process.exitCode = tool('vitest', ['run', ...process.argv.slice(2)], { env }).status
} finally {
  if (scratch !== null) rmSync(scratch, { recursive: true, force: true })
}
