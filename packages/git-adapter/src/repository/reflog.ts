import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { lookAt } from '../files/look.js'
import { resolve } from '../git/objects.js'
import type { Place } from '../git/place.js'

/** Bytes that are read at once: an agent can make its reflog as long as it likes. */
const CHUNK = 1_048_576

/** Characters at the beginning of a line that tell all that is asked for: two object ids, of SHA-256 at most. */
const HEAD_OF_LINE = 130

/** A line as git writes it: what the ref was, and what it became. */
const LINE = /^[0-9a-f]{40,64} ([0-9a-f]{40,64}) /gm

/** The commits that a reflog says a ref was at and that are there, each once, the one that it was last at last. */
export async function loggedCommits(place: Place, file: string): Promise<readonly string[]> {
  const found = new Set<string>()
  for await (const ids of idsIn(file)) {
    const commits = await resolve(
      place,
      ids.map((id) => `${id}^{commit}`),
    )
    for (const commit of commits) {
      if (commit === null) continue
      found.delete(commit)
      found.add(commit)
    }
  }
  return [...found]
}

/** What the lines of a file name, some at a time, as far as they make sense: anybody may have written there. */
async function* idsIn(file: string): AsyncGenerator<readonly string[]> {
  if ((await lookAt(file))?.isFile() !== true) return
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const buffer = Buffer.alloc(CHUNK)
    let rest = ''
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, CHUNK)
      const text = rest + buffer.toString('latin1', 0, bytesRead)
      const end = bytesRead === 0 ? text.length : text.lastIndexOf('\n') + 1
      const ids = [...text.slice(0, end).matchAll(LINE)].map(([, id = '']) => id)
      if (ids.length > 0) yield [...new Set(ids.toReversed())].toReversed()
      if (bytesRead === 0) return
      rest = text.slice(end).slice(0, HEAD_OF_LINE)
    }
  } finally {
    await handle.close()
  }
}
