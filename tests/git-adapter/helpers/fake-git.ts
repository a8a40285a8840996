import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** A PATH whose `git`, or another program, is a script; in the script its name means the real one. */
export function fakeGit(scratch: string, script: string, program = 'git'): string {
  const directory = join(scratch, 'fake-bin')
  const real = process.env['PATH'] ?? ''
  mkdirSync(directory)
  writeFileSync(join(directory, program), `#!/bin/sh\nPATH='${real}'\n${script}\n`)
  chmodSync(join(directory, program), 0o755)
  return `${directory}${delimiter}${real}`
}
