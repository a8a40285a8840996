import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestRepository } from './repository.js'

/** The file of the first segment of a repository's log. */
export function logFile(repository: TestRepository): string {
  return join(repository.path, '.git/coppice/log/00000001.jsonl')
}

/** Changes bits of a byte of a file; the lowest by default. */
export function flipBit(path: string, offset: number, mask = 1): void {
  const bytes = readFileSync(path)
  bytes[offset]! ^= mask
  writeFileSync(path, bytes)
}

/** Takes the right to write from a repository, and all that is beside it, while the work is done. */
export async function whileReadOnly(repository: TestRepository, work: () => Promise<void>): Promise<void> {
  const paths = ['', ...readdirSync(repository.scratch, { recursive: true, encoding: 'utf8' })]
  const all = paths.map((path) => join(repository.scratch, path))
  for (const path of all) chmodSync(path, 0o555)
  try {
    await work()
  } finally {
    for (const path of all) chmodSync(path, 0o755)
  }
}
