import { join } from 'node:path'
import { readText } from '../files/look.js'

/** What a HEAD says: the branch it is on, or the commit it is detached at. */
export type Head =
  | { readonly branch: string; readonly revision: string }
  | { readonly branch: null; readonly revision: string }

/**
 * Reads a HEAD from its file, without starting git in a directory that an agent can write. Null for a HEAD that is
 * missing or that no git would write.
 */
export async function readHead(gitDir: string): Promise<Head | null> {
  const text = await readText(join(gitDir, 'HEAD'))
  const [, ref, commit] =
    /^(?:ref: (refs\/[\x21-\x7e\u0080-\uffff]+)|([0-9a-f]{40,64}))\n?$/.exec(text ?? '') ?? []
  if (commit !== undefined) return { branch: null, revision: commit }
  if (ref === undefined || /[~^:?*[\\]|\.\.|@\{/.test(ref)) return null
  return ref.startsWith('refs/heads/')
    ? { branch: ref.slice('refs/heads/'.length), revision: ref }
    : { branch: null, revision: ref }
}
