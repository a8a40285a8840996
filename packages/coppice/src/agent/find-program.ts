import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'

/**
 * Why the system would not start a program, as the system names it (`ENOENT`, `EACCES`), or null if it would. A name
 * without a slash is looked up on the PATH, as execvp(3) does it.
 */
export function reasonNotToStart(program: string, cwd: string, path: string): string | null {
  const places = program.includes('/') ? [''] : path.split(delimiter)
  const found = new Set(places.map((place) => lookAt(resolve(cwd, join(place, program)))))
  if (found.has(null)) return null
  return found.has('EACCES') ? 'EACCES' : 'ENOENT'
}

function lookAt(file: string): string | null {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile() ? null : 'EACCES'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error)
  }
}
