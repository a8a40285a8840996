import { statSync, type Stats } from 'node:fs'

/** Whether a path still names the file that was opened there; it may have been deleted, moved or replaced since. */
export function isFileAt(path: string, open: Stats): boolean {
  const there = statSync(path, { throwIfNoEntry: false })
  return there !== undefined && there.ino === open.ino && there.dev === open.dev
}
