import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join, relative } from 'node:path'

/** Every file below a worktree, as git would list it in a tree: mode, object, path. Git's own are left out. */
export function filesBelow(root) {
  const lines = []
  collect(root)
  return inOrder(lines)

  function collect(directory) {
    for (const name of readdirSync(directory)) {
      if (directory === root && name === '.git') continue
      const path = join(directory, name)
      const found = lstatSync(path)
      if (found.isDirectory()) collect(path)
      else lines.push(`${modeOf(found)} ${objectOf(path, found)}\t${relative(root, path)}`)
    }
  }
}

/** Lines as one text, in an order that depends on nothing but them. */
export function inOrder(lines) {
  return lines.toSorted((one, other) => (one < other ? -1 : 1)).join('\n')
}

function modeOf(found) {
  if (found.isSymbolicLink()) return '120000'
  return (found.mode & 0o100) === 0 ? '100644' : '100755'
}

function objectOf(path, found) {
  const content = found.isSymbolicLink() ? Buffer.from(readlinkSync(path)) : readFileSync(path)
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex')
}
