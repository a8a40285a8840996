import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** So many of a list, spread over all of it; another number gives others, as long as there are any. */
export function spread(list, count, number) {
  const stride = Math.max(1, Math.floor(list.length / count))
  return Array.from({ length: count }, (_, index) => list[(number + index * stride) % list.length])
}

/** Adds a line to each of some files. */
export async function appendTo(directory, paths, line) {
  for (const path of paths) await appendFile(join(directory, path), `${line}\n`)
}

/** Makes a file, and what it lies in. */
export async function addFile(directory, path, content) {
  await mkdir(dirname(join(directory, path)), { recursive: true })
  await writeFile(join(directory, path), content)
}
