import type { Difference, TreeEntry } from './differences.js'
import { joinNul } from './nul.js'

// The lines that `git update-index -z --index-info` reads.

/** Has the index know a path no more, whatever stands there. */
export function forgetLine(path: Buffer, oidDigits: number): Buffer {
  return lineOf(`0 ${'0'.repeat(oidDigits)}`, path)
}

/** Has the index have something at a path. */
export function entryLine({ mode, oid }: TreeEntry, path: Buffer): Buffer {
  return lineOf(`${mode} ${oid}`, path)
}

/** The lines that bring an index from the one tree to the other; deletions first, for they make room for directories. */
export function changeInfo(differences: readonly Difference[]): Buffer {
  const deleted = differences.flatMap(({ path, from, to }) => {
    return to === null ? [forgetLine(path, from?.oid.length ?? 0)] : []
  })
  const written = differences.flatMap(({ path, to }) => (to === null ? [] : [entryLine(to, path)]))
  return joinNul([...deleted, ...written])
}

function lineOf(head: string, path: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${head}\t`), path])
}
