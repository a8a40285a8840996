import { mkdir } from 'node:fs/promises'

/** Somebody may tidy one up at any time; hardly so often in a row between two calls. */
export const ATTEMPTS = 5

/**
 * Makes a directory, where there is none, and those above it. Others may tidy these up meanwhile as long as they are empty: what is gone
 * between two calls is no directory to Node.
 */
export async function makeDirectory(path: string, attempts = ATTEMPTS): Promise<void> {
  try {
    await mkdir(path, { recursive: true })
  } catch (error) {
    if (!VANISHED.has((error as NodeJS.ErrnoException).code ?? '') || attempts === 1) throw error
    await makeDirectory(path, attempts - 1)
  }
}

const VANISHED = new Set(['ENOENT', 'ENOTDIR'])
