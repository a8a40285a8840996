import { createHash } from 'node:crypto'
import type { Files, ModelFile } from './files.js'

// Ids are those that git gives to the same content, so that a model and a repository can be compared by them.

const blobIds = new WeakMap<ModelFile, string>()
const treeIds = new WeakMap<Files, string>()

/** The id of an object, from its type and its bytes as Latin-1 text. */
export function objectId(type: 'blob' | 'tree' | 'commit', bytes: string): string {
  return createHash('sha1').update(`${type} ${bytes.length}\0${bytes}`, 'latin1').digest('hex')
}

/** Text as UTF-8, each byte a character. */
export function bytesOf(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

export function treeIdOf(files: Files): string {
  const known = treeIds.get(files)
  if (known !== undefined) return known
  const id = hashTree([...files])
  treeIds.set(files, id)
  return id
}

function blobIdOf(file: ModelFile): string {
  const known = blobIds.get(file)
  if (known !== undefined) return known
  const id = objectId('blob', bytesOf(file.content))
  blobIds.set(file, id)
  return id
}

type Listed = readonly [path: string, file: ModelFile]

/** One directory: its files, and each directory in it by the id of its own tree. */
function hashTree(listed: readonly Listed[]): string {
  const entries: { readonly key: string; readonly line: string }[] = []
  const below = new Map<string, Listed[]>()
  for (const [path, file] of listed) {
    const slash = path.indexOf('/')
    const name = slash === -1 ? path : path.slice(0, slash)
    if (slash === -1) entries.push(entryOf(file.mode, name, name, blobIdOf(file)))
    else below.set(name, [...(below.get(name) ?? []), [path.slice(slash + 1), file]])
  }
  for (const [name, files] of below) entries.push(entryOf('40000', name, `${name}/`, hashTree(files)))
  entries.sort((one, other) => (one.key < other.key ? -1 : 1))
  return objectId('tree', entries.map(({ line }) => line).join(''))
}

/** Git sorts a directory as if its name ended in a slash. */
function entryOf(mode: string, name: string, key: string, id: string): { key: string; line: string } {
  return {
    key: bytesOf(key),
    line: `${mode} ${bytesOf(name)}\0${Buffer.from(id, 'hex').toString('latin1')}`,
  }
}
