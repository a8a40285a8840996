import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { HEADER_LENGTH } from '../capture/index-file.js'
import { isThere } from '../files/look.js'

/**
 * Whether a repository has a main checkout, whatever its settings say: a `.git` with an index that has entries. A bare
 * repository has no index; one whose `core.bare` was set by mistake does.
 */
export async function hasCheckout(commonDir: string): Promise<boolean> {
  const index = join(commonDir, 'index')
  if (basename(commonDir) !== '.git' || !(await isThere(index))) return false
  const bytes = await readFile(index)
  return bytes.length >= HEADER_LENGTH && bytes.readUInt32BE(8) > 0
}
