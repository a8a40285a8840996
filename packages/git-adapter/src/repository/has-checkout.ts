import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { HEADER_LENGTH } from '../capture/index-file.js'
import { isThere } from '../files/look.js'
import { below } from '../files/look-below.js'
import { splitNul } from '../git/nul.js'
import { git } from '../git/run.js'

/**
 * Whether a repository has a main checkout, whatever its settings say: a `.git` with an index, and beside it any of the files
 * that the index names. A bare repository has no index, or one that is left from before it was made one; where
 * `core.bare` was set by mistake, the files are there.
 */
export async function hasCheckout(commonDir: string): Promise<boolean> {
  const index = join(commonDir, 'index')
  if (basename(commonDir) !== '.git' || !(await isThere(index))) return false
  const bytes = await readFile(index)
  if (bytes.length < HEADER_LENGTH || bytes.readUInt32BE(8) === 0) return false
  const { stdout } = await git({ gitDir: commonDir, indexFile: index }, { args: ['ls-files', '-z'] })
  for (const path of splitNul(stdout)) {
    if (await isThere(below(dirname(commonDir), path))) return true
  }
  return false
}
