import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** Makes a directory that is gone when this process ends, even when it is interrupted. */
export function scratchIn(directory) {
  const scratch = mkdtempSync(join(directory, 'coppice-bench-'))
  process.once('exit', () => rmSync(scratch, { recursive: true, force: true, maxRetries: 5 }))
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))
  return scratch
}

/** Gives work an empty directory of its own, and takes it away afterwards. */
export async function withDirectory(scratch, work) {
  const directory = mkdtempSync(join(scratch, 'round-'))
  try {
    return await work(directory)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
