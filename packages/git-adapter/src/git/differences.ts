import { splitNul } from './nul.js'
import type { Place } from './place.js'
import { git } from './run.js'

/** What a tree has at a path. */
export interface TreeEntry {
  /** Octal, as git prints it: `100644`, `100755`, `120000`, `160000`. */
  readonly mode: string
  readonly oid: string
}

/** A path that two trees have differently; null where one has it not at all. */
export interface Difference {
  readonly path: Buffer
  readonly from: TreeEntry | null
  readonly to: TreeEntry | null
}

const ABSENT = '000000'

/** The paths in which two trees differ, each file by itself. */
export async function differencesOf(place: Place, from: string, to: string): Promise<readonly Difference[]> {
  const { stdout } = await git(place, { args: ['diff-tree', '-r', '-z', '--no-renames', from, to] })
  const fields = splitNul(stdout)
  const found: Difference[] = []
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const line = fields[at]?.toString('latin1') ?? ''
    const [, fromMode, toMode, fromOid, toOid] = /^:(\d+) (\d+) ([0-9a-f]+) ([0-9a-f]+) /.exec(line) ?? []
    const path = fields[at + 1] ?? Buffer.alloc(0)
    found.push({ path, from: entryOf(fromMode, fromOid), to: entryOf(toMode, toOid) })
  }
  return found
}

function entryOf(mode = ABSENT, oid = ''): TreeEntry | null {
  return mode === ABSENT ? null : { mode, oid }
}
