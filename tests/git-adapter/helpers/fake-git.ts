import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** A PATH whose `git` is a script; in the script `git` means the real one. */
export function fakeGit(scratch: string, script: string): string {
  const directory = join(scratch, 'fake-bin')
  const real = process.env['PATH'] ?? ''
  mkdirSync(directory)
  writeFileSync(join(directory, 'git'), `#!/bin/sh\nPATH='${real}'\n${script}\n`)
  chmodSync(join(directory, 'git'), 0o755)
  return `${directory}${delimiter}${real}`
}
