import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A path that nobody knows the content of. */
const UNKNOWN = Symbol('unknown')

/**
 * What several processes did to one task's worktree, in one file outside of the repository: their appends are in order,
 * whoever makes them and whoever is killed.
 */
export class Diary {
  #file

  constructor(ledger, task) {
    this.#file = join(ledger, `${task}.jsonl`)
  }

  write(line) {
    appendFileSync(this.#file, `${JSON.stringify(line)}\n`)
  }

  read() {
    if (!existsSync(this.#file)) return []
    const lines = readFileSync(this.#file, 'utf8').split('\n').filter(Boolean)
    return lines.map((line) => JSON.parse(line))
  }

  /**
   * The token that each path must have, null where it must not be there, at the line that was written when a checkpoint or
   * a merge was asked for. Whatever was touched since then, and whatever was being done when a process was killed, may be
   * either way; so may everything before a worktree was deleted.
   */
  expected(mark) {
    const lines = this.read()
    const at = lines.findIndex((line) => line.asked === mark)
    const known = new Map()
    for (const [index, { begin, end, paths, tokens }] of lines.entries()) {
      if (begin === 'delete' || end === 'delete') {
        known.clear()
        if (index > at) return known
      } else if (begin !== undefined) {
        for (const path of paths) known.set(path, UNKNOWN)
      } else if (end !== undefined && index < at) {
        for (const [path, token] of Object.entries(tokens)) known.set(path, token)
      }
    }
    // A deletion that did not come to its end may be going on.
    if (lines.findLast(({ begin, end }) => [begin, end].includes('delete'))?.begin === 'delete')
      return new Map()
    return new Map([...known].filter(([, token]) => token !== UNKNOWN))
  }
}

/** The id of the blob that holds a token alone. */
export function blobOf(token) {
  const content = contentOf(token)
  return createHash('sha1').update(`blob ${content.length}\0${content}`).digest('hex')
}

export function contentOf(token) {
  return `${token}\n`
}
