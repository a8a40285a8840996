import { closeSync, fsyncSync, openSync } from 'node:fs'
import { dirname } from 'node:path'

/** Makes the names in a directory durable. */
export function syncDirectory(path: string): void {
  const fd = openSync(path, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** Makes the names in the log's directory durable, its own name, and that of the state directory around it. */
export function syncNames(logDirectory: string): void {
  const stateDirectory = dirname(logDirectory)
  for (const path of [logDirectory, stateDirectory, dirname(stateDirectory)]) syncDirectory(path)
}
