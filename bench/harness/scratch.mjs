import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { endDescendants, markDescendants } from './descendants.mjs'

/**
 * Makes a directory that is gone when this process ends, even when it is interrupted; what still runs then, and would write
 * where all is being removed, is ended first.
 */
export function scratchIn(directory) {
  const scratch = mkdtempSync(join(realpathSync(directory), 'coppice-bench-'))
  markDescendants(scratch)
  process.once('exit', () => {
    endDescendants()
    rmSync(scratch, { recursive: true, force: true, maxRetries: 10 })
  })
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))
  return scratch
}

/** Gives work an empty directory of its own, and takes it away afterwards. */
export async function withDirectory(scratch, work) {
  const directory = mkdtempSync(join(scratch, 'round-'))
  try {
    return await work(directory)
  } finally {
    rmSync(directory, { recursive: true, force: true, maxRetries: 10 })
  }
}
